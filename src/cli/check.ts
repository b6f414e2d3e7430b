import { formatProblem } from '../config/problem.ts'
import { checkDocument } from '../contract/check.ts'
import { checkableFiles, checkFiles } from '../simulation/check-files.ts'

/**
 * `ory-mock check [FILES]`: the specification with its overlays, and the given files or all fixtures and scenarios that can
 * be named. Prints every error with its place.
 * @returns the exit code
 */
export async function check(files: readonly string[]): Promise<number> {
  const document = await checkDocument()
  const named = files.length > 0 ? files : checkableFiles()
  const problems = await checkFiles(named)
  for (const problem of document) console.error(`spec: ${problem.message}`)
  for (const problem of problems) console.error(formatProblem(problem))
  const count = document.length + problems.length
  if (count === 0)
    console.log(
      `The specification, its overlays and ${named.length} ${named.length === 1 ? 'file' : 'files'} are fine.`,
    )
  else console.error(`${count} ${count === 1 ? 'problem' : 'problems'}.`)
  return count === 0 ? 0 : 1
}
