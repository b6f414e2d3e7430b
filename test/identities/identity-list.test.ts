import { describe, expect, it } from 'vitest'
import { paginationHeaders, parsePage } from '../../src/http/pagination.ts'
import { kratos } from './kratos.ts'

describe('the list of identities', () => {
  it('is sorted by id, descending; its pages 0 and 1 are the same', async () => {
    const server = kratos()
    const ids: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push((await server.person(`${name}@example.org`)).id)
    ids.sort().reverse()
    const page = async (query: string) => {
      const rows: { id: string }[] = (await server.agent.get(`/admin/identities${query}`)).body
      return rows.map((row) => ids.indexOf(row.id))
    }
    expect(await page('')).toEqual([0, 1, 2, 3, 4])
    for (const first of ['?per_page=3', '?per_page=3&page=0', '?per_page=3&page=1', '?per_page=3&page=-7']) {
      expect(await page(first)).toEqual([0, 1, 2])
    }
    expect(await page('?per_page=3&page=2')).toEqual([3, 4])
    expect(await page('?per_page=3&page=9')).toEqual([])
    expect(await page('?per_page=0')).toEqual([0])
    expect(await page('?per_page=x&page=y')).toEqual([0, 1, 2, 3, 4])
  })

  it('counts pages from zero in its links', () => {
    for (const [total, query, links] of [
      [0, '', 'first 0/250, next 1/250, prev -1/250'],
      [5, '', 'first 0/5'],
      [3, 'per_page=3', 'first 0/3, prev -1/3'],
      [5, 'per_page=3', 'next 1/3, last 1/3'],
      [5, 'per_page=3&page=1', 'first 0/3, prev 0/3'],
      [6, 'per_page=3', 'next 1/3, last 1/3'],
      [120, 'per_page=50&page=2', 'first 0/50, prev 1/50'],
      [300, 'per_page=50&page=3', 'first 0/50, next 4/50, prev 2/50, last 5/50'],
      [2000, 'per_page=5000', 'next 1/1000, last 1/1000'],
    ] as const) {
      const headers = paginationHeaders('http://x/identities', total, parsePage(new URLSearchParams(query)))
      const expected = links.split(', ').map((each) => {
        const [rel, page, size] = each.split(/[ /]/)
        return `<http://x/identities?page=${page}&per_page=${size}>; rel="${rel}"`
      })
      expect(headers).toEqual({ 'X-Total-Count': String(total), Link: expected.join(',') })
    }
  })
})
