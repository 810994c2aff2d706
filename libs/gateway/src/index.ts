export { gatewayTarget } from './gateway.target.js';
