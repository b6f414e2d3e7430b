import { readFileSync } from 'node:fs'
import type { Operation } from './http/call.ts'
import { ok, type Reply } from './http/reply.ts'

/** The version that `GET /version` names: the mock's own. */
export const VERSION: string = readVersion()

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

const isWell = (): Reply => ok({ status: 'ok' })

/** GET /health/alive, /health/ready and /version (admin-keto-projects §4.1). A mock that answers is ready. */
export const metadataOperations: Readonly<Record<string, Operation>> = {
  isAlive: isWell,
  isReady: isWell,
  getVersion: () => ok({ version: `v${VERSION}` }),
}
