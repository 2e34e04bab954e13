/** Texts in Chinese that all sources of files share. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const originFields: NonNullable<NodeWords['fields']> = {
  origin: { title: '读取位置' },
  'origin.file': { title: '文件' },
  'origin.url': { title: '网址' },
  'origin.path': { title: '文件夹' },
  sourceName: {
    title: '来源名称',
    description: '在使用此文件的值时显示。留空则用步骤名称。',
  },
}

export const originChoices: NonNullable<NodeWords['choices']> = {
  'origin=upload': '上传的文件',
  'origin=url': '网址',
  'origin=folder': '文件夹',
}
