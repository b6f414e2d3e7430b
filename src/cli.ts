#!/usr/bin/env node
import { check } from './cli/check.ts'
import { printEnvironment } from './cli/env.ts'
import { help } from './cli/help.ts'
import { listOperations } from './cli/operations.ts'
import { proxy } from './cli/proxy.ts'
import { report } from './cli/report.ts'
import { listScenarios } from './cli/scenarios.ts'
import { serve } from './cli/serve.ts'
import { listSwitches } from './cli/switches.ts'
import { UsageError } from './cli/usage-error.ts'
import { verify } from './cli/verify.ts'
import { ProblemError } from './config/problem.ts'
import { CannotListen } from './http/listen.ts'

/** The process: which command runs, and how it ends. */
async function main([command = 'serve', ...rest]: readonly string[]): Promise<void> {
  if (command === '--help' || command === 'help') return console.log(help())
  if (command.startsWith('-')) return serve([command, ...rest])
  switch (command) {
    case 'serve':
      return serve(rest)
    case 'check':
      process.exitCode = await check(rest)
      return
    case 'operations':
      return listOperations(rest)
    case 'report':
      process.exitCode = await report(rest)
      return
    case 'scenarios':
      return listScenarios(rest)
    case 'switches':
      return listSwitches(rest)
    case 'proxy':
      return proxy(rest)
    case 'verify':
      process.exitCode = await verify(rest)
      return
    case 'env':
      return printEnvironment(rest)
    default:
      throw new UsageError(`There is no command "${command}". "ory-mock --help" lists them.`)
  }
}

// who reads a list may have seen enough: `ory-mock switches | head`
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof UsageError || error instanceof ProblemError || error instanceof CannotListen) {
    console.error(error.message)
    process.exit(error instanceof UsageError ? 2 : 1)
  }
  throw error
})
