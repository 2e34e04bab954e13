/** The parts, and the stores the server itself keeps, built once. */
import { createAuditLog } from '../store/audit.ts'
import { createBlockStore } from '../store/blocks.ts'
import { createPreferenceLinks } from '../store/preference-links.ts'
import { createConnectionStore } from '../store/connections.ts'
import { createConsentStore } from '../store/consents.ts'
import { createFlowStore } from '../store/flows.ts'
import { createMergeStore } from '../store/merges.ts'
import { createPolicyStore } from '../store/policies.ts'
import { createSecrets } from '../store/secrets.ts'
import { createSessionStore } from '../store/sessions.ts'
import { createSettingsStore } from '../store/settings.ts'
import { createTokenStore } from '../store/tokens.ts'
import { createUserStore } from '../store/users.ts'
import { createCookies } from './auth/cookies.ts'
import { createLoginThrottle } from './auth/login-throttle.ts'
import type { ServerOptions, ServerParts } from './parts.ts'

export function createServerContext(parts: ServerParts, options: ServerOptions) {
  const { database, secretsKey } = parts
  return {
    parts,
    options,
    audit: createAuditLog(database, secretsKey),
    blocks: createBlockStore(database),
    connections: createConnectionStore(database, createSecrets(secretsKey)),
    flows: createFlowStore(database),
    sessions: createSessionStore(database),
    settings: createSettingsStore(database),
    tokens: createTokenStore(database),
    users: createUserStore(database),
    consents: createConsentStore(database),
    merges: createMergeStore(database),
    policies: createPolicyStore(database),
    preferenceLinks: createPreferenceLinks(secretsKey, options.publicUrl),
    cookies: createCookies(options.publicUrl, secretsKey),
    throttle: createLoginThrottle(database),
  }
}

export type ServerContext = ReturnType<typeof createServerContext>
