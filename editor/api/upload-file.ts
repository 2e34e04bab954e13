/** Sends a file with progress; fetch cannot tell how far it is. */
import { fileViewSchema, type FileView } from '../../engine/contract/api/files.ts'
import { toFailure, urlOf } from './call.ts'

/** Throws an ApiFailure. `onProgress` gets 0 to 1. */
export function uploadFile(file: File, onProgress: (done: number) => void): Promise<FileView> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', urlOf('fileUpload', {}, { name: file.name }))
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    request.onerror = () => reject(toFailure(0, undefined))
    request.onload = () => {
      const answer = readJson(request.responseText)
      const parsed = fileViewSchema.safeParse(answer)
      if (request.status < 300 && parsed.success) resolve(parsed.data)
      else reject(toFailure(request.status, answer))
    }
    request.send(file)
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
