import { errorOperations } from './flows/error-ui.ts'
import { loginOperations } from './flows/login.ts'
import { logoutOperations } from './flows/logout.ts'
import { registrationOperations } from './flows/registration.ts'
import type { Operation } from './http/call.ts'
import { metadataOperations } from './metadata.ts'
import { adminSessionOperations } from './sessions/admin-sessions.ts'
import { mySessionOperations } from './sessions/my-sessions.ts'

/** Every operation that is behaviour, by its `operationId`. What is missing here is answered by a generated success. */
export const operations: Readonly<Record<string, Operation>> = {
  ...metadataOperations,
  ...loginOperations,
  ...registrationOperations,
  ...logoutOperations,
  ...errorOperations,
  ...mySessionOperations,
  ...adminSessionOperations,
}
