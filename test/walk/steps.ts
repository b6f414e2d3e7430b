import { Random } from '../support/random.ts'
import * as admin from './admin-steps.ts'
import { audit } from './audit.ts'
import { sendFromDocument } from './contract-steps.ts'
import { askForLink, makeRecoveryLink, openLink } from './link-steps.ts'
import { changeForeignSettings, changeSettings } from './settings-steps.ts'
import * as signIn from './sign-in-steps.ts'
import { linkSocially, signInSocially } from './social-steps.ts'
import type { Walker } from './walker.ts'

export type Action = (walker: Walker, dice: Random) => Promise<void>

/** One step: what is done, and the seed of everything that is left to chance in it, so that it can be done alone. */
export interface Step {
  readonly action: string
  readonly seed: number
}

/** Every action, and how often it is done. */
const ACTIONS: Readonly<Record<string, readonly [often: number, action: Action]>> = {
  'sign up': [4, signIn.signUp],
  'sign in': [6, signIn.signIn],
  'sign in twice': [6, signIn.signInTwice],
  refresh: [2, signIn.refresh],
  'sign out': [2, signIn.signOut],
  'revoke others': [1, signIn.revokeOthers],
  'revoke one': [2, signIn.revokeOne],
  'change settings': [12, changeSettings],
  'change foreign settings': [2, changeForeignSettings],
  'ask for a link': [3, askForLink],
  'make a recovery link': [2, makeRecoveryLink],
  'open a link': [5, openLink],
  'sign in socially': [4, signInSocially],
  'link socially': [2, linkSocially],
  create: [3, admin.create],
  replace: [2, admin.replace],
  patch: [3, admin.patch],
  remove: [1, admin.remove],
  'end sessions': [1, admin.endSessions],
  extend: [1, admin.extend],
  read: [5, admin.read],
  wait: [2, admin.wait],
  'send from the document': [8, sendFromDocument],
}

const WEIGHTED = Object.entries(ACTIONS).flatMap(([name, [often]]) => Array<string>(often).fill(name))

/** The steps of a walk. */
export function stepsOf(seed: number, count: number): readonly Step[] {
  const dice = new Random(seed)
  return Array.from({ length: count }, () => ({
    action: WEIGHTED[dice.below(WEIGHTED.length)] ?? 'read',
    seed: dice.below(2 ** 31),
  }))
}

const BETWEEN_AUDITS = 20
const RECENT = { newest: 6 }
const ALL = { newest: 60 }

/**
 * Takes the steps, and looks now and then, and at the end, whether anything survives.
 * @param after is done after each step
 * @throws WalkFailure
 */
export async function take(walker: Walker, steps: readonly Step[], after = (_: Walker): void => {}): Promise<void> {
  for (const [i, { action, seed }] of steps.entries()) {
    walker.taken = i + 1
    walker.trace.push(`# ${action} (${seed})`)
    await ACTIONS[action]?.[1](walker, new Random(seed))
    after(walker)
    if ((i + 1) % BETWEEN_AUDITS === 0) await audit(walker, RECENT)
  }
  await audit(walker, ALL)
}
