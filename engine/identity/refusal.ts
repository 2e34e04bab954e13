/** Why a raw value cannot be normalised: a closed set of codes with a sentence each. */
export const refusalSentences = {
  not_text: 'The value is neither text nor a whole number.',
  empty: 'The value is empty.',
  too_long: 'The value is longer than a value of its kind may be.',
  unreadable_character: 'The value holds a control, invisible or broken character.',
  email_malformed: 'The value is not an e-mail address: it needs a name, an @ and a domain.',
  email_domain_malformed: 'The part after the @ is not an Internet domain.',
  phone_malformed: 'The value is not a phone number.',
  phone_impossible: 'No such phone number can exist in its country.',
  phone_region_missing: 'The number has no country code; set the default region of the source.',
  phone_extension: 'The number has an extension, so it is not a person key.',
  country_unknown: 'The value is neither an ISO 3166-1 code nor a country name we know.',
  date_malformed: 'The value fits no date format that is set; add its pattern.',
  date_impossible: 'There is no such day or time in the calendar.',
  date_order_unknown:
    'Day and month could be swapped; set a pattern or say whether the day is first.',
  date_zone_missing: 'The time has no zone; allow it to be read as UTC or send a zone.',
  date_out_of_range: 'The year lies outside 1800 to 2200.',
} as const

export type RefusalCode = keyof typeof refusalSentences

export type Normalised = { value: string } | { refused: RefusalCode }

export const refuse = (refused: RefusalCode): Normalised => ({ refused })
