// Runs exported models with ONNX Runtime and compares the outputs with this library's: README.md.
// usage: node compare.mjs DIR
import fs from 'fs';
import path from 'path';
import ort from 'onnxruntime-web';

// The arrays of an npz file whose entries are not compressed.
function readNpz(file) {
  const bytes = fs.readFileSync(file);
  const arrays = {};
  let end = bytes.length - 22;
  while (bytes.readUInt32LE(end) !== 0x06054b50) --end;
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < bytes.readUInt16LE(end + 10); ++i) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength).replace(/\.npy$/, '');
    const size = bytes.readUInt32LE(at + 20);
    const local = bytes.readUInt32LE(at + 42);
    const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    arrays[name] = readNpy(bytes.subarray(data, data + size));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return arrays;
}

function readNpy(bytes) {
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + length);
  const descr = header.match(/'descr': '([^']*)'/)[1];
  const dims = header.match(/'shape': \(([^)]*)\)/)[1].split(',').filter(s => s.trim()).map(Number);
  const raw = bytes.buffer.slice(bytes.byteOffset + 10 + length, bytes.byteOffset + bytes.length);
  const types = {'<f4': ['float32', Float32Array], '<f8': ['float64', Float64Array],
                 '<i8': ['int64', BigInt64Array], '<i4': ['int32', Int32Array]};
  const [type, Data] = types[descr];
  return {type, data: new Data(raw), dims};
}

let worst = 0, failed = 0, count = 0;
for (const file of fs.readdirSync(process.argv[2]).filter(f => f.endsWith('.onnx')).sort()) {
  const model = path.join(process.argv[2], file);
  try {
    const session = await ort.InferenceSession.create(fs.readFileSync(model));
    const arrays = readNpz(model.replace(/onnx$/, 'npz'));
    const feeds = {};
    for (const name of session.inputNames) {
      const a = arrays[name];
      feeds[name] = new ort.Tensor(a.type, a.data, a.dims);
    }
    const outputs = await session.run(feeds);
    let error = 0, scale = 1;
    for (const name of session.outputNames) {
      const expected = arrays[name], got = outputs[name];
      if (String(expected.dims) !== String(got.dims))
        throw new Error(`${name} has the shape ${got.dims}, not ${expected.dims}`);
      for (let i = 0; i < expected.data.length; ++i) {
        scale = Math.max(scale, Math.abs(Number(expected.data[i])));
        const e = Math.abs(Number(got.data[i]) - Number(expected.data[i]));
        error = Math.max(error, Number.isNaN(e) ? Infinity : e);
      }
    }
    error /= scale;
    worst = Math.max(worst, error);
    ++count;
    if (!(error <= 1e-5)) {
      ++failed;
      console.log(`${file}: the outputs differ by ${error}`);
    }
  } catch (e) {
    ++failed;
    console.log(`${file}: ${String(e.message ?? e).split('\n')[0]}`);
  }
}
console.log(`${count} models, ${failed} failed, the greatest difference is ${worst}`);
process.exit(failed || !count ? 1 : 0);
