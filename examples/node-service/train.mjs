// Writes cafe.onnx. What a row and its predictions are made of is in cafe.d.ts:
//
//   node train.mjs && npx polytask types cafe.onnx -o cafe.d.ts
import { trainCafe } from '../cafe.mjs';

await trainCafe(new URL('cafe.onnx', import.meta.url));
