export { expressAuthentication } from '@cabinet/kit/access/authenticate';
