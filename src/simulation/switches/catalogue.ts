import { credentials } from './sections/credentials.ts'
import { flowAdmission } from './sections/flow-admission.ts'
import { flowLifecycle } from './sections/flow-lifecycle.ts'
import { formContent } from './sections/form-content.ts'
import { identities } from './sections/identities.ts'
import { infrastructure } from './sections/infrastructure.ts'
import { logout } from './sections/logout.ts'
import { mails } from './sections/mail.ts'
import { permissions } from './sections/permissions.ts'
import { projects } from './sections/projects.ts'
import { recoveryVerification } from './sections/recovery-verification.ts'
import { secondFactor } from './sections/second-factor.ts'
import { securityKeys } from './sections/security-keys.ts'
import { sessions } from './sections/sessions.ts'
import { social } from './sections/social.ts'
import { stepUp } from './sections/step-up.ts'
import { transport } from './sections/transport.ts'
import type { SwitchDefinition } from './switch.ts'

/** The sections of the catalogue, in the order of ecosystem §4. Whoever adds a switch adds its name to `switch-names.ts`. */
export const sections = {
  'Flow lifecycle': { ...flowLifecycle, ...flowAdmission },
  Sessions: sessions,
  'Credentials and form validation': { ...credentials, ...formContent },
  'Second factor': { ...secondFactor, ...securityKeys, ...stepUp },
  'Recovery, verification, mail': { ...recoveryVerification, ...mails },
  'Social sign-in': social,
  'Logout, errors, identities and schemas': { ...logout, ...identities },
  Permissions: permissions,
  Projects: projects,
  Infrastructure: infrastructure,
  Transport: transport,
} as const

/** Every switch by its name. */
export const catalogue: ReadonlyMap<string, SwitchDefinition> = new Map(
  Object.values(sections).flatMap((section) => Object.entries<SwitchDefinition>(section)),
)
