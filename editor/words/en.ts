/** English texts of the editor. `zh-cn.ts` has the same keys; a test holds that. */
import { canvasWords } from './en/canvas.ts'
import { dataWords } from './en/data.ts'
import { drawingWords } from './en/drawing.ts'
import { flowsWords } from './en/flows.ts'
import { formsWords } from './en/forms.ts'
import { generalWords } from './en/general.ts'
import { privacyWords } from './en/privacy.ts'
import { problemsWords } from './en/problems.ts'
import { profilesWords } from './en/profiles.ts'
import { requestsWords } from './en/requests.ts'
import { runsWords } from './en/runs.ts'
import { sourcesWords } from './en/sources.ts'
import { settingsWords } from './en/settings.ts'

export const en = {
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

/** The shape other languages must have. */
export type Words = typeof en
