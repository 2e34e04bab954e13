/** Brings several branches into one. */
import { z } from 'zod'
import { out } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import { mergeBranchesWords } from '../words/merge-branches.ts'

export const mergeBranches = defineNode({
  type: 'merge_branches',
  version: 1,
  role: 'transform',
  title: 'Merge branches',
  summary: 'Brings the records of several branches together, one after another.',
  config: z.strictObject({}),
  inPorts: [{ name: 'in', title: 'Branches', accepts: ['records', 'people'], many: true }],
  run: (page) => page.map((item) => out(item)),
  examples: [
    {
      name: 'passes everything on',
      config: {},
      input: [{ fields: { a: 1 } }],
      expect: [{ out: { a: 1 } }],
    },
  ],
  words: { 'zh-CN': mergeBranchesWords },
})
