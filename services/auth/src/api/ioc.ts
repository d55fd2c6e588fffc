export { iocContainer } from '@cabinet/kit';
