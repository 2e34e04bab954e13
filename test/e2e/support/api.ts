/** The API as the owner, for what a browser test needs to be there before it looks. */
import { inject } from 'vitest'
import { createApi } from '../../support/api.ts'

export const api = createApi(inject('productUrl'), inject('ownerCookies'))
