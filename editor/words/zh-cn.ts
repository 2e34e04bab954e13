/** Chinese texts of the editor (simplified). */
import type { Words } from './en.ts'
import { canvasWords } from './zh-cn/canvas.ts'
import { dataWords } from './zh-cn/data.ts'
import { drawingWords } from './zh-cn/drawing.ts'
import { flowsWords } from './zh-cn/flows.ts'
import { formsWords } from './zh-cn/forms.ts'
import { generalWords } from './zh-cn/general.ts'
import { privacyWords } from './zh-cn/privacy.ts'
import { problemsWords } from './zh-cn/problems.ts'
import { profilesWords } from './zh-cn/profiles.ts'
import { requestsWords } from './zh-cn/requests.ts'
import { runsWords } from './zh-cn/runs.ts'
import { sourcesWords } from './zh-cn/sources.ts'
import { settingsWords } from './zh-cn/settings.ts'

export const zhCn: Words = {
  ...generalWords,
  ...flowsWords,
  ...canvasWords,
  ...dataWords,
  ...drawingWords,
  ...problemsWords,
  ...formsWords,
  ...runsWords,
  ...profilesWords,
  ...settingsWords,
  ...sourcesWords,
  ...privacyWords,
  ...requestsWords,
}
