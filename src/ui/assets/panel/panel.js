import { showClock } from './clock.js'
import { showJournal } from './journal.js'
import { keepLooking } from './live.js'
import { showMail } from './mail.js'
import { showPeople } from './people.js'
import { say } from './status.js'
import { showSwitches } from './switches.js'
import { showWorld } from './world.js'

/*
 * The one script of the panel: every part draws itself and then follows the world.
 */

async function start() {
  showClock()
  showPeople()
  showMail()
  showJournal()
  await Promise.all([showWorld(), showSwitches()])
  await keepLooking()
}

start().catch((failure) => say(`The panel cannot be shown: ${failure}`, 'failed'))
