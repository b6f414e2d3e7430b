import { ProblemError } from '../../config/problem.ts'
import { isJsonObject, type Json } from '../../json.ts'
import type { KeptSandbox } from './kept.ts'

/*
 * The form of a data file: `{"ory_mock_data": 1, "sandboxes": […]}`, the makers of projects before their projects.
 */

/** Grows when what is written could not be read by those who read the form before it. */
export const FORMAT = 1

const MARK = 'ory_mock_data'

/** The whole file, of the JSON of its sandboxes. */
export function writeBook(sandboxes: readonly string[]): string {
  return `{"${MARK}":${FORMAT},"sandboxes":[\n${sandboxes.join(',\n')}\n]}\n`
}

/**
 * @param text undefined when there is no file yet
 * @throws ProblemError when it is no data file, is broken, or was written by a later version
 */
export function readBook(file: string, text: string | undefined): readonly KeptSandbox[] {
  if (text === undefined || text.trim() === '') return []
  const value = parse(file, text)
  const format = isJsonObject(value) && Object.hasOwn(value, MARK) ? value[MARK] : undefined
  if (!isJsonObject(value) || typeof format !== 'number') {
    throw problem(
      file,
      'this is no data file of ory-mock.',
      'Give --data the name of a new file, or of one that it wrote.',
    )
  }
  if (format > FORMAT) {
    const hint = 'Use that version, or start with another --data file.'
    throw problem(
      file,
      `it was written by a later version of ory-mock (form ${format}; this one reads ${FORMAT}).`,
      hint,
    )
  }
  return value['sandboxes'] as unknown as readonly KeptSandbox[]
}

function parse(file: string, text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw problem(
      file,
      `it is broken: ${(error as SyntaxError).message}.`,
      'Put a copy of it back, or start with another --data file.',
    )
  }
}

function problem(file: string, message: string, hint: string): ProblemError {
  return new ProblemError([{ file, pointer: '', message, hint }])
}
