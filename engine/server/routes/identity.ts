/** Why records are one person, and taking them apart again. */
import type { MergeView } from '../../contract/api/identity.ts'
import type { Identifier } from '../../contract/item.ts'
import type { MergeDocument } from '../../store/merges.ts'
import { NotFoundError } from '../../store/store-errors.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { maskText } from '../mask.ts'

type Ids = 'mergeList' | 'mergeUndo'

export function identityRoutes({ parts, merges }: ServerContext): SomeHandlers<Ids> {
  const need = async (id: string) => {
    const profile = await parts.profiles.read(id)
    if (!profile) throw new NotFoundError('profile')
    return profile
  }

  return {
    async mergeList({ params }) {
      const { id } = await need(params.id)
      const rows = await merges.ofProfile(id)
      const latest = rows.find((row) => row.undone === undefined)
      return { items: rows.map((row) => mergeView(row, row === latest && row.into === id)) }
    },

    async mergeUndo({ params, body, caller, note }) {
      const { id } = await need(params.id)
      const known = await merges.ofProfile(id)
      if (!known.some(({ _id }) => _id === params.merge)) throw new NotFoundError('merge')
      const { into, merged } = await merges.undo(params.merge, caller.name)
      note({ subject: id, details: { reason: body.reason, parted: merged } })
      return { kept: into, parted: merged }
    },
  }
}

const masked = (identifiers: readonly Identifier[]) =>
  identifiers.map(({ type, value }) => ({ type, value: maskText(value) }))

const mergeView = (row: MergeDocument, undoable: boolean): MergeView => ({
  id: row._id,
  at: row.at.toISOString(),
  kept: masked(row.before.winner.identifiers),
  joined: masked(row.before.loser.identifiers),
  ...(row.evidence ? { because: masked(row.evidence.identifiers), run: row.evidence.run } : {}),
  ...(row.undone ? { undone: { at: row.undone.at.toISOString(), by: row.undone.by } } : {}),
  undoable,
})
