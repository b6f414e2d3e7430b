import { SCRIPT, STYLE } from './html-assets.ts'
import { escapeMarkup } from './markup.ts'
import type { Report } from './report.ts'
import type { CoveredPoint, OperationCoverage } from './shown-coverage.ts'
import { DIMENSIONS } from './shown-coverage.ts'
import { count, sayCoverage, sayFailure, sayOperation, sayUnmatched, sayViolation, sayWhere } from './wording.ts'

/** The report as one page that needs nothing beside itself: searchable, without a network, light and dark. */
export function htmlReport(report: Report, at: number): string {
  const { coverage, violations, failures, journals, warnings } = report
  const state = report.passed ? 'passed' : 'failed'
  const called = coverage.operations.filter(({ calls }) => calls > 0)
  const never = coverage.operations.filter(({ calls }) => calls === 0)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Ory contract: ${state}, ${coverage.percent} %</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Ory contract: <span class="${state}">${state}</span></h1>
<p>${escapeMarkup(sayCoverage(report))}. <time datetime="${new Date(at).toISOString()}">${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC</time></p>
<progress max="100" value="${coverage.percent}">${coverage.percent} %</progress>
<p><label>Search <input type="search" id="search" placeholder="toSession, 401, return_to …" autofocus></label> <output id="found"></output></p>
</header>
<main>
${list('Failures', failures.map(sayFailure))}
${list(
  'Violations of the contract',
  violations.map((each) => `${sayOperation(each)}: ${sayViolation(each)}`),
  violations.map(sayWhere),
)}
${list('Calls that no operation answers', coverage.unmatched.map(sayUnmatched))}
${list('Warnings', warnings)}
<h2>Operations</h2>
${called.map(operation).join('\n')}
<h2>Never called</h2>
${never.map(operation).join('\n')}
${list(
  'Called, and not in the document',
  coverage.additional.map((each) => `${each.operation}: ${count(each.calls, 'call')}`),
)}
${list(
  'Journals',
  journals.map(({ file, exchanges }) => `${file}: ${count(exchanges, 'exchange')}`),
)}
<p id="nothing" hidden>Nothing here says that.</p>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`
}

function list(title: string, lines: readonly string[], notes: readonly string[] = []): string {
  if (lines.length === 0) return ''
  const items = lines.map((line, at) => {
    const note = notes[at] === undefined ? '' : `<br><small>${escapeMarkup(notes[at])}</small>`
    return `<li data-search>${escapeMarkup(line)}${note}</li>`
  })
  return `<section><h2>${escapeMarkup(title)} <small>${lines.length}</small></h2><ul>${items.join('\n')}</ul></section>`
}

function operation({ operation: name, method, path, calls, points }: OperationCoverage): string {
  const covered = points.filter((point) => point.calls > 0).length
  const rows = DIMENSIONS.map((dimension) => {
    const chips = points.filter((point) => point.dimension === dimension).map(chip)
    return chips.length === 0 ? '' : `<tr><th scope="row">${dimension}</th><td>${chips.join(' ')}</td></tr>`
  })
  return `<details data-search><summary><code>${escapeMarkup(name)}</code> <span class="route">${method} ${escapeMarkup(path)}</span> <span class="sum">${count(calls, 'call')}, ${covered} of ${points.length}</span></summary><table>${rows.join('')}</table></details>`
}

function chip({ value, calls }: CoveredPoint): string {
  const title = calls === 0 ? 'never seen' : count(calls, 'call')
  return `<span class="${calls === 0 ? 'never' : 'seen'}" title="${title}">${escapeMarkup(value)}<i>${calls === 0 ? ' never' : ` ${calls}×`}</i></span>`
}
