/** What a no of a person, or their erasure, cuts in a flow, and whom it must tell. Pure. */
import type { FlowImpact } from '../contract/api/flows.ts'
import type { NodeFacts } from './analyse-flow.ts'

export function flowImpact(facts: ReadonlyMap<string, NodeFacts>): FlowImpact {
  const all = [...facts.values()]
  const nameOf = ({ node, nodeType }: NodeFacts): string =>
    node.name || nodeType?.title || node.type
  return {
    recipients: all
      .filter(({ nodeType }) => nodeType?.effects === 'sends')
      .map((fact) => ({
        nodeId: fact.node.id,
        name: nameOf(fact),
        purposes: [...(fact.privacy.purposes ?? [])],
        fields: (fact.privacy.sends ?? []).map(({ name }) => name),
        told: fact.nodeType?.tells ?? false,
      })),
    stores: all
      .filter(({ nodeType }) => nodeType?.effects === 'writes')
      .map((fact) => ({ nodeId: fact.node.id, name: nameOf(fact) })),
  }
}
