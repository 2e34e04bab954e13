/** All workflows, for the worker's bundle. The other barrel. */
export { answerRequest } from './answer-request.ts'
export { propagateConsent } from './propagate-consent.ts'
export { runFlow } from './run-flow.ts'
export { scheduledFlow } from './scheduled-flow.ts'
export { sweepRetention } from './sweep-retention.ts'
