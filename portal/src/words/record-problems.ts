import { msg } from '@lingui/core/macro';

/** What the codes of the record service mean to whoever writes in a record. */
export const recordProblems = {
  'RECORD.ALLERGIES_LISTED': {
    title: msg`Allergies are listed by now`,
    advice: msg`Nothing was changed. Refute those that are none, or take out what was entered in error; then say it again.`,
  },
  'RECORD.NOT_STATED': {
    title: msg`It is not said any more that none is known`,
    advice: msg`Somebody withdrew it, or recorded an allergy. See what is there now.`,
  },
  'RECORD.ENTERED_IN_ERROR': {
    title: msg`This was taken out as entered in error`,
    advice: msg`Your change was not made. What you typed can be recorded anew.`,
  },
  'RECORD.NOT_FOR_GUARDIANS': {
    title: msg`That is not for you to say of this patient`,
    advice: msg`You are their guardian. Ask a colleague to do it.`,
  },
  'RECORD.BUSY': {
    title: msg`Others are writing in this record`,
    advice: msg`Nothing was changed. Try again in a moment.`,
  },
  'RECORD.TOO_MANY_GRANTS': {
    title: msg`Twenty practitioners are let in already`,
    advice: msg`Take one of them back first.`,
  },
};
