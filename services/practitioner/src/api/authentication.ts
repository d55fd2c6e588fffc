export { expressAuthentication } from '@cabinet/kit';
