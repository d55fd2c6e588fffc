import { readStoreFaults } from '@cabinet/kit/away';

// Appendix A of PostgreSQL's documentation: 08 connection, 3D000 no such database, 40 rolled back for another's sake,
// 53 resources, 55P03 lock, 57 operator.
const awayStates = /^(57P0[1-3]|08\d{3}|53\d{3}|3D000)$/;
const lockStates = /^(40\d{3}|40P01|55P03|57014)$/;
const awayMessages = /Connection terminated|timeout exceeded when trying to connect/;

readStoreFaults(({ code, message }) => {
  if (awayStates.test(String(code)) || awayMessages.test(message)) return 'away';
  return lockStates.test(String(code)) ? 'locked' : undefined;
});
