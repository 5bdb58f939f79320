// ONNX Runtime 1.30 collects usage data on Linux, keeps them in ~/.cache and sends them off when it can, unless this
// is set before it is loaded. Nothing leaves the machine here; so this module is imported before onnxruntime-node.
process.env.ORT_DISABLE_TELEMETRY = "1";
