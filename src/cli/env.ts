import { help } from './help.ts'
import { readServeOptions } from './options.ts'
import { exports } from './start-screen.ts'

/** `ory-mock env`: the variables of an app that uses a server started with the same options, as shell exports. */
export function printEnvironment(args: readonly string[]): void {
  const options = readServeOptions(args)
  if (options === 'help') {
    console.log(help())
    return
  }
  const addresses = options.selfHosted
    ? { public: 4433, admin: 4434, read: 4466, write: 4467, mail: 4437 }
    : { all: options.port ?? 4000 }
  for (const [name, value] of exports(addresses)) console.log(`export ${name}=${value}`)
}
