// Writes small ONNX graphs as bytes, so that our own matrix work runs in ONNX Runtime, in Node and browser alike.
// Field numbers are those of onnx.proto3 (ONNX IR version 8); only what the bank's search needs is here.

import { PbfWriter } from "pbf";

const ELEMENT_TYPES = { float32: 1, int8: 3, int64: 7 } as const;
const ATTRIBUTE_TYPES = { int: 2, ints: 7 } as const;

export interface GraphNode {
  readonly op: string;
  /** "" is ONNX itself; "com.microsoft" holds ONNX Runtime's own operators. */
  readonly domain?: "" | "com.microsoft";
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface GraphTensor {
  readonly name: string;
  readonly type: keyof typeof ELEMENT_TYPES;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
}

export interface GraphValue {
  readonly name: string;
  /** A string is a dimension that is known only when the graph runs. */
  readonly dims: readonly (number | string)[];
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly GraphTensor[];
  /** float32 all. */
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** The bytes of an ONNX model (opset 17, com.microsoft 1) that holds `graph`. */
export function encodeGraph(graph: Graph): Uint8Array {
  const model = new PbfWriter();
  model.writeVarintField(1, 8);
  model.writeMessage(7, writeGraph, graph);
  model.writeMessage(8, writeOpset, { domain: "", version: 17 });
  model.writeMessage(8, writeOpset, { domain: "com.microsoft", version: 1 });
  return model.finish();
}

function writeOpset(opset: { domain: string; version: number }, pbf: PbfWriter): void {
  pbf.writeStringField(1, opset.domain);
  pbf.writeVarintField(2, opset.version);
}

function writeGraph(graph: Graph, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, "mias");
  for (const constant of graph.constants) pbf.writeMessage(5, writeTensor, constant);
  for (const input of graph.inputs) pbf.writeMessage(11, writeValue, input);
  for (const output of graph.outputs) pbf.writeMessage(12, writeValue, output);
}

function writeNode(node: GraphNode, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(4, node.op);
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    pbf.writeMessage(5, writeAttribute, { name, value });
  }
  pbf.writeStringField(7, node.domain ?? "");
}

function writeAttribute(
  attribute: { name: string; value: number | readonly number[] },
  pbf: PbfWriter,
): void {
  const { name, value } = attribute;
  pbf.writeStringField(1, name);
  if (typeof value === "number") {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, ATTRIBUTE_TYPES.int);
  } else {
    for (const item of value) pbf.writeVarintField(8, item);
    pbf.writeVarintField(20, ATTRIBUTE_TYPES.ints);
  }
}

function writeTensor(tensor: GraphTensor, pbf: PbfWriter): void {
  for (const dim of tensor.dims) pbf.writeVarintField(1, dim);
  pbf.writeVarintField(2, ELEMENT_TYPES[tensor.type]);
  pbf.writeStringField(8, tensor.name);
  pbf.writeBytesField(9, tensor.bytes);
}

function writeValue(value: GraphValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.name);
  pbf.writeMessage(2, writeType, value);
}

function writeType(value: GraphValue, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, value);
}

function writeTensorType(value: GraphValue, pbf: PbfWriter): void {
  pbf.writeVarintField(1, ELEMENT_TYPES.float32);
  pbf.writeMessage(2, writeShape, value.dims);
}

function writeShape(dims: readonly (number | string)[], pbf: PbfWriter): void {
  for (const dim of dims) pbf.writeMessage(1, writeDimension, dim);
}

function writeDimension(dim: number | string, pbf: PbfWriter): void {
  if (typeof dim === "number") pbf.writeVarintField(1, dim);
  else pbf.writeStringField(2, dim);
}
