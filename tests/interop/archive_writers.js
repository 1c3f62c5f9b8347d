// Writes the bag in the folder `b` into an archive, with one of the usual libraries of Node.
// node archive_writers.js WRITER TARGET
const fs = require("fs");
const path = require("path");

const [, , writer, target] = process.argv;
const entries = fs.readdirSync("b", { recursive: true }).map((name) => path.join("b", name));
const files = entries.filter((name) => fs.statSync(name).isFile()).sort();
const into = (stream) => stream.pipe(fs.createWriteStream(target));

const writers = {
  archiver: () => {
    const { ZipArchive } = require("archiver");
    const archive = new ZipArchive();
    into(archive);
    archive.directory("b", "b").finalize();
  },
  "archiver-tar": () => {
    const { TarArchive } = require("archiver");
    const archive = new TarArchive();
    into(archive);
    archive.directory("b", "b").finalize();
  },
  yazl: () => {
    const archive = new (require("yazl").ZipFile)();
    files.forEach((name) => archive.addFile(name, name));
    archive.end();
    into(archive.outputStream);
  },
  "yazl-streams": () => {
    const archive = new (require("yazl").ZipFile)();
    files.forEach((name) => archive.addReadStream(fs.createReadStream(name), name));
    archive.end();
    into(archive.outputStream);
  },
  jszip: () => {
    const archive = new (require("jszip"))();
    files.forEach((name) => archive.file(name, fs.readFileSync(name)));
    into(archive.generateNodeStream());
  },
  "jszip-streams": () => {
    const archive = new (require("jszip"))();
    files.forEach((name) => archive.file(name, fs.createReadStream(name)));
    into(archive.generateNodeStream({ streamFiles: true, compression: "DEFLATE" }));
  },
  "adm-zip": () => {
    const archive = new (require("adm-zip"))();
    archive.addLocalFolder("b", "b");
    archive.writeZip(target);
  },
  tar: () => require("tar").c({ file: target }, ["b"]),
  "tar-gz": () => require("tar").c({ file: target, gzip: true }, ["b"]),
  "tar-portable": () => require("tar").c({ file: target, portable: true }, ["b"]),
};
writers[writer]();
