import type { Bag } from "./dynamicProvider";

interface Message {
  toJavaScript(): Bag;
  getFieldsMap(): object;
}

interface Reader {
  nextField(): boolean;
  isEndGroup(): boolean;
  getFieldNumber(): number;
  skipField(): void;
  readBool(): boolean;
  readDouble(): number;
  readString(): string;
  readMessage(message: object, read: (message: object, reader: Reader) => void): void;
}

interface Writer {
  writeEnum(field: number, value: number): void;
  writeBool(field: number, value: boolean): void;
  writeDouble(field: number, value: number): void;
  writeString(field: number, value: string): void;
  writeMessage(field: number, value: object, write: (value: never, writer: Writer) => void): void;
  writeSerializedMessage(bytes: Uint8Array, start: number, end: number): void;
  getResultBuffer(): Uint8Array;
}

export interface StructClass {
  fromJavaScript: (bag: Bag) => Message;
  deserializeBinaryFromReader: (message: Message, reader: Reader) => Message;
  serializeBinaryToWriter: (message: Message, writer: Writer) => void;
  new (): Message;
}

/**
 * Property bags without a message object for each value, which costs twelve times the memory of the values: a map of 10,000 streams
 * has 40,000. What is read and written, and every answer, is what protobuf's own Struct reads, writes and answers.
 */
export function leanStructs(Struct: StructClass, BinaryWriter: new () => Writer): void {
  const parts = [Struct.fromJavaScript, Struct.deserializeBinaryFromReader, Struct.serializeBinaryToWriter];
  const { prototype } = BinaryWriter as unknown as { prototype: Partial<Writer> };
  if (![...parts, prototype.writeSerializedMessage].every((part) => typeof part === "function")) return;
  const { fromJavaScript, serializeBinaryToWriter } = Struct;
  const written = new WeakMap<Message, Uint8Array>();

  /** Who asks for more than the values gets all of protobuf's. */
  const lean = (message: Message, bagOf: () => Bag): Message => {
    message.toJavaScript = bagOf;
    message.getFieldsMap = () => {
      written.delete(message);
      const full = fromJavaScript(bagOf());
      message.getFieldsMap = () => full.getFieldsMap();
      message.toJavaScript = () => full.toJavaScript();
      return full.getFieldsMap();
    };
    return message;
  };

  Struct.deserializeBinaryFromReader = (message, reader) => {
    const bag = readFields(reader);
    return lean(message, () => bag);
  };
  Struct.fromJavaScript = (bag) => {
    const writer = new BinaryWriter();
    writeFields(bag, writer);
    const message = lean(new Struct(), () => bag);
    written.set(message, writer.getResultBuffer());
    return message;
  };
  Struct.serializeBinaryToWriter = (message, writer) => {
    const bytes = written.get(message);
    if (bytes) writer.writeSerializedMessage(bytes, 0, bytes.length);
    else serializeBinaryToWriter(message, writer);
  };
}

function readFields(reader: Reader): Bag {
  const entries: [string, unknown][] = [];
  eachField(reader, { 1: () => entries.push(readEntry(reader)) });
  // Protobuf's own stand in this order, whatever the sender's was.
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));
}

function readEntry(reader: Reader): [string, unknown] {
  let key = "";
  let value: unknown = null;
  reader.readMessage({}, () =>
    eachField(reader, { 1: () => (key = reader.readString()), 2: () => (value = readValue(reader)) }),
  );
  return [key, value];
}

function readValue(reader: Reader): unknown {
  let value: unknown = null;
  reader.readMessage({}, () =>
    eachField(reader, {
      2: () => (value = reader.readDouble()),
      3: () => (value = reader.readString()),
      4: () => (value = reader.readBool()),
      5: () => reader.readMessage({}, () => (value = readFields(reader))),
      6: () => reader.readMessage({}, () => (value = readList(reader))),
    }),
  );
  return value;
}

function readList(reader: Reader): unknown[] {
  const list: unknown[] = [];
  eachField(reader, { 1: () => list.push(readValue(reader)) });
  return list;
}

function eachField(reader: Reader, read: Readonly<Record<number, () => unknown>>): void {
  while (reader.nextField() && !reader.isEndGroup()) {
    const known = read[reader.getFieldNumber()];
    if (known) known();
    else reader.skipField();
  }
}

function writeFields(bag: object, writer: Writer): void {
  for (const key in bag) {
    writer.writeMessage(1, bag, () => {
      writer.writeString(1, key);
      writer.writeMessage(2, bag, () => writeValue((bag as Bag)[key], writer));
    });
  }
}

function writeValue(value: unknown, writer: Writer): void {
  if (value === null) writer.writeEnum(1, 0);
  else if (typeof value === "number") writer.writeDouble(2, value);
  else if (typeof value === "string") writer.writeString(3, value);
  else if (typeof value === "boolean") writer.writeBool(4, value);
  else if (Array.isArray(value)) writer.writeMessage(6, value, () => writeList(value, writer));
  else if (typeof value === "object") writer.writeMessage(5, value, () => writeFields(value, writer));
  else throw new Error("Unexpected struct type.");
}

function writeList(list: readonly unknown[], writer: Writer): void {
  for (const value of list) writer.writeMessage(1, list, () => writeValue(value, writer));
}
