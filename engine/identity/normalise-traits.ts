/** The one door to the trait normalisers, for what offers a choice of them. */
export { normaliseCountry } from './normalise-country.ts'
export { normaliseDate, type DateOptions } from './normalise-date.ts'
export { normaliseEmail } from './normalise-email.ts'
export { normaliseName } from './normalise-name.ts'
export { normalisePhone, type PhoneOptions } from './normalise-phone.ts'
