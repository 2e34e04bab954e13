/** Widget `file`: pick an uploaded file or drop a new one; what is found in it fills the form. */
import { useState, type DragEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { FileView } from '../../../engine/contract/api/files.ts'
import type { Json } from '../../../engine/contract/json.ts'
import { uploadFile } from '../../api/upload-file.ts'
import { useList } from '../../api/use-api.ts'
import { getAt, setAt } from '../../document/settings-path.ts'
import { cellText } from '../../ui/cell-text.ts'
import { formatAgo, formatBytes } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Failure } from '../../ui/parts.tsx'
import { useForm, type ControlProps } from '../form-context.ts'

export function FileWidget({ path, value, control }: ControlProps) {
  const { t } = useTranslation()
  const form = useForm()
  const client = useQueryClient()
  const files = useList('fileList')
  const [progress, setProgress] = useState<number>()
  const [error, setError] = useState<unknown>()
  const [over, setOver] = useState(false)
  const chosenId = getAt(value, ['id'])
  const chosen = files.items.find((file) => file.id === chosenId)

  const choose = (file: FileView) => {
    const config = setAt(form.config, path, { id: file.id, name: file.name })
    form.configure(withDetected(config as Record<string, Json>, file, form.root.properties ?? {}))
  }
  const upload = async (file: File | undefined) => {
    if (!file) return
    setError(undefined)
    setProgress(0)
    try {
      choose(await uploadFile(file, setProgress))
      await client.invalidateQueries({ queryKey: ['fileList'] })
    } catch (failure) {
      setError(failure)
    } finally {
      setProgress(undefined)
    }
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void upload(event.dataTransfer.files[0])
  }
  return (
    <div className="file-widget">
      {(chosen ?? chosenId) !== undefined && (
        <div className="file-chosen">
          <Icon name="file" />
          <span>
            <strong>{chosen?.name ?? cellText(getAt(value, ['name']) ?? chosenId)}</strong>
            {chosen && (
              <small>
                {formatBytes(chosen.bytes)} ·{' '}
                {t('form.columnsFound', { count: chosen.detected.columns.length })} ·{' '}
                {formatAgo(chosen.uploadedAt)}
              </small>
            )}
          </span>
        </div>
      )}
      {!form.readOnly && (
        <>
          <label
            className={`drop-zone ${over ? 'over' : ''}`}
            onDragOver={(event) => {
              event.preventDefault()
              setOver(true)
            }}
            onDragLeave={() => setOver(false)}
            onDrop={onDrop}
          >
            <input
              {...control}
              type="file"
              accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl"
              onChange={(event) => void upload(event.target.files?.[0])}
            />
            <Icon name="upload" />
            {progress === undefined ? (
              <span>{t('form.dropFile')}</span>
            ) : (
              <progress value={progress} aria-label={t('form.uploading')} />
            )}
          </label>
          {files.items.length > 0 && (
            <select
              aria-label={t('form.earlierFile')}
              value={typeof chosenId === 'string' ? chosenId : ''}
              onChange={(event) => {
                const file = files.items.find((known) => known.id === event.target.value)
                if (file) choose(file)
              }}
            >
              <option value="">{t('form.earlierFile')}</option>
              {files.items.map((file) => (
                <option key={file.id} value={file.id}>
                  {file.name} ({formatBytes(file.bytes)})
                </option>
              ))}
            </select>
          )}
        </>
      )}
      {error !== undefined && <Failure error={error} />}
    </div>
  )
}

/** Settings of the same names as what was found in the file are filled with it. */
export function withDetected(
  config: Record<string, Json>,
  { detected }: FileView,
  properties: Record<string, unknown>,
): Record<string, Json> {
  const columns = detected.columns.map(({ samples: _, ...column }) => column)
  return 'columns' in properties ? { ...config, columns: columns as unknown as Json } : config
}
