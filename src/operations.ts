import { loginOperations } from './flows/login.ts'
import { logoutOperations } from './flows/logout.ts'
import { oidcCallbackOperations } from './flows/methods/oidc-callback.ts'
import { recoveryOperations } from './flows/recovery.ts'
import { recoveryLinkOperations } from './flows/recovery-link.ts'
import { registrationOperations } from './flows/registration.ts'
import { errorOperations } from './flows/self-service-errors.ts'
import { settingsOperations } from './flows/settings.ts'
import { verificationOperations } from './flows/verification.ts'
import { webAuthnScriptOperations } from './flows/webauthn-script.ts'
import type { Operation } from './http/call.ts'
import { identityOperations } from './identities/identities.ts'
import { identitySchemaOperations } from './identities/identity-schemas.ts'
import { metadataOperations } from './metadata.ts'
import { permissionOperations } from './permissions/operations.ts'
import { projectMemberOperations } from './projects/members.ts'
import { projectOperations } from './projects/projects.ts'
import { adminSessionOperations } from './sessions/admin-sessions.ts'
import { mySessionOperations } from './sessions/my-sessions.ts'

/** Every operation that is behaviour, by its `operationId`. What is missing here is answered by a generated success. */
export const operations: Readonly<Record<string, Operation>> = {
  ...metadataOperations,
  ...loginOperations,
  ...registrationOperations,
  ...settingsOperations,
  ...logoutOperations,
  ...oidcCallbackOperations,
  ...recoveryOperations,
  ...recoveryLinkOperations,
  ...verificationOperations,
  ...errorOperations,
  ...webAuthnScriptOperations,
  ...mySessionOperations,
  ...adminSessionOperations,
  ...identityOperations,
  ...identitySchemaOperations,
  ...permissionOperations,
  ...projectOperations,
  ...projectMemberOperations,
}
