import { readStoreFaults } from '@cabinet/kit/away';

const awayNames = /^Mongo(ServerSelection|Network|NetworkTimeout|NotConnected|ExpiredSession)Error$/;

readStoreFaults(({ name }) => (awayNames.test(name) ? 'away' : undefined));
