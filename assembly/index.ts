export * from './matmul';
export * from './columns';
export * from './norm';
export * from './attention';
export * from './gelu';
export * from './rows';
export * from './softmax-tile';
export * from './optimizer';
