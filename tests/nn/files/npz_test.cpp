#include "nn/files/npz.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <zip.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "autograd/memory/sanitizer.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/paths.h"

namespace nn {
namespace {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;
using testing::ElementsAre;

const std::string kGolden = source_path("tests/golden/");

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The bytes of a file that holds x.
std::string npz_of(const Array& x) {
  const Folder folder;
  NpzWriter writer(folder / "a.npz");
  writer.write("x", x);
  writer.close();
  return read(folder / "a.npz");
}

// An archive of raw entries, stored.
void write_zip(const std::string& path,
               const std::vector<std::pair<std::string, std::string>>& entries) {
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  for (const auto& [name, bytes] : entries) {
    const auto i = zip_file_add(archive, name.c_str(),
                                zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
    zip_set_file_compression(archive, zip_uint64_t(i), ZIP_CM_STORE, 0);
  }
  ASSERT_EQ(zip_close(archive), 0);
}

TEST(NpzReader, ReadsEveryFileThatChainerWrote) {
  const auto manifest = nlohmann::json::parse(read(kGolden + "manifest.json"));
  int files = 0;
  for (const auto& [file, facts] : manifest.at("chainer_files").items()) {
    if (!facts.contains("entries")) continue;
    SCOPED_TRACE(file);
    ++files;
    const NpzReader npz(kGolden + "chainer_files/" + file);
    EXPECT_EQ(npz.keys().size(), facts.at("keys").size());
    for (const auto& entry : facts.at("keys")) {
      const std::string key = entry.at("key"), dtype = entry.at("dtype");
      SCOPED_TRACE(key);
      ASSERT_TRUE(npz.contains(key));
      if (dtype == "object") {
        EXPECT_TRUE(npz.is_none(key));
        continue;
      }
      if (dtype.starts_with("<U")) {
        EXPECT_EQ(npz.text(key).size(), std::stoul(dtype.substr(2)));
        continue;
      }
      const Array a = npz.array(key);
      const std::vector<std::int64_t> shape = entry.at("shape");
      EXPECT_TRUE(a.shape() == autograd::Shape(shape));
      const std::map<std::string, Dtype> types{{"<f2", Dtype::float32},
                                               {"<f4", Dtype::float32},
                                               {"<f8", Dtype::float64},
                                               {"<i8", Dtype::int64},
                                               {"|b1", Dtype::bool_}};
      EXPECT_EQ(a.dtype(), types.at(dtype));
      if (entry.contains("value")) {
        const auto& value = entry.at("value");
        EXPECT_EQ(a.item(), value.is_boolean() ? double(value.get<bool>()) : value.get<double>());
      }
    }
  }
  EXPECT_GE(files, 27);
}

TEST(NpzReader, ReadsTheSameStoredAsDeflated) {
  for (const char* name : {"vae_model", "mixed_links", "vae_adam_fresh"}) {
    const NpzReader a(kGolden + "chainer_files/" + name + ".npz"),
        b(kGolden + "chainer_files/" + name + "_uncompressed.npz");
    EXPECT_EQ(a.keys().size(), b.keys().size());
    for (const std::string& key : a.keys()) {
      const FileValue x = a.entry(key), y = b.entry(key);
      ASSERT_EQ(x.index(), y.index()) << key;
      if (const Array* array = std::get_if<Array>(&x)) {
        EXPECT_TRUE(array_equal(*array, std::get<Array>(y))) << key;
      }
    }
  }
}

TEST(NpzWriter, ReadsBackFromDiskAndFromMemory) {
  Folder folder;
  for (const bool compression : {true, false}) {
    const std::string path = folder / "a.npz";
    NpzWriter writer(path, {.compression = compression});
    writer.write("le1/W", Array::arange(1000, Dtype::float32).reshape({10, 100}));
    writer.write("t", Array::scalar<std::int64_t>(3));
    writer.write_text("log", "[{\"loss\": 1}]");
    writer.write_none("lazy/W");
    writer.close();
    writer.close();
    EXPECT_EQ(folder.number_of_files(), 1u);
    const std::string bytes = read(path);
    const NpzReader disk(path), memory(std::as_bytes(std::span(bytes)), "memory");
    for (const NpzReader* npz : {&disk, &memory}) {
      EXPECT_THAT(npz->keys(), ElementsAre("le1/W", "t", "log", "lazy/W"));
      EXPECT_TRUE(
          array_equal(npz->array("le1/W"), Array::arange(1000, Dtype::float32).reshape({10, 100})));
      EXPECT_EQ(npz->array("t").item(), 3);
      EXPECT_EQ(npz->text("log"), "[{\"loss\": 1}]");
      EXPECT_TRUE(npz->is_none("lazy/W"));
      EXPECT_FALSE(npz->is_none("t"));
    }
  }
}

TEST(NpzWriter, GivesEqualBytesForEqualContents) {
  Folder folder;
  for (const char* name : {"a.npz", "b.npz"}) {
    NpzWriter writer(folder / name);
    writer.write("x", Array::arange(50));
    writer.close();
  }
  EXPECT_EQ(read(folder / "a.npz"), read(folder / "b.npz"));
}

TEST(NpzWriter, LeavesNothingHalfWritten) {
  Folder folder;
  { NpzWriter(folder / "new.npz").write("x", Array::arange(3)); }
  EXPECT_EQ(folder.number_of_files(), 0u);

  const std::string old = folder.write("old.npz", "as it was");
  { NpzWriter(old).write("x", Array::arange(3)); }
  EXPECT_EQ(read(old), "as it was");

  NpzWriter writer(folder / "no/such/folder/a.npz");
  writer.write("x", Array::arange(3));
  EXPECT_EQ(message_of<Error>([&] { writer.close(); }),
            "npz: " + (folder / "no/such/folder/a.npz") +
                " must be writable, but writing failed: No such file or directory");
}

TEST(NpzWriter, WritesAnArchiveWithoutEntries) {
  Folder folder;
  NpzWriter(folder / "a.npz").close();
  EXPECT_TRUE(NpzReader(folder / "a.npz").keys().empty());
}

// A limit on the size of files fails as a full disk does, in the middle.
TEST(NpzWriter, KeepsTheOlderFileWhereTheDiskIsFull) {
  Folder folder;
  const std::string path = folder.write("a.npz", "as it was");
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  NpzWriter writer(path, {.compression = false});
  writer.write("x", Array::arange(1000));
  const std::string message = message_of<Error>([&] { writer.close(); });
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(message, "npz: " + path + " must be writable, but writing failed: File too large");
  EXPECT_EQ(read(path), "as it was");
  EXPECT_EQ(folder.number_of_files(), 1u);
}

TEST(NpzWriter, RefusesAKeyTwiceAndLateWriting) {
  Folder folder;
  const std::string path = folder / "a.npz";
  NpzWriter writer(path);
  writer.write("x", Array::arange(3));
  EXPECT_EQ(message_of<Error>([&] { writer.write("x", Array::arange(3)); }),
            "npz: x must be writable to " + path + ", but: File already exists");
  EXPECT_EQ(message_of<Error>([&] { writer.write_text("y", "\xff"); }),
            "npz: y for " + path + " must be UTF-8, but its byte 0 is not");
  writer.close();
  EXPECT_EQ(message_of<Error>([&] { writer.write("z", Array::arange(3)); }),
            "npz: " + path + " must be open to be written to, but it is closed");
}

// Damage, told in whole sentences.

TEST(NpzReader, RefusesFilesThatAreNoArchive) {
  Folder folder;
  EXPECT_EQ(
      message_of<Error>([&] { NpzReader npz(folder / "absent.npz"); }),
      "npz: " + (folder / "absent.npz") + " must be readable, but: No such file or directory");
  const std::string text = folder.write("text.npz", std::string(100, 'x'));
  EXPECT_EQ(message_of<Error>([&] { NpzReader npz(text); }),
            "npz: " + text + " must be a zip file, but it is not");
  const std::string nothing = folder.write("empty.npz", "");
  EXPECT_EQ(message_of<Error>([&] { NpzReader npz(nothing); }),
            "npz: " + nothing + " must be a zip file, but it is not");

  const std::string whole = read(kGolden + "chainer_files/vae_model.npz");
  const std::string half = folder.write("half.npz", whole.substr(0, whole.size() / 2));
  const std::string sentence =
      " must be a zip file, but it is truncated or its table of contents is damaged";
  EXPECT_EQ(message_of<Error>([&] { NpzReader npz(half); }), "npz: " + half + sentence);
  EXPECT_EQ(message_of<Error>(
                [&] { NpzReader npz(std::as_bytes(std::span(whole)).first(700), "memory"); }),
            "npz: memory" + sentence);
}

TEST(NpzReader, NamesTheKeyThatIsMissingOrOfAnotherKind) {
  const std::string path = kGolden + "chainer_files/mixed_links.npz";
  const NpzReader npz(path);
  EXPECT_EQ(message_of<Error>([&] { npz.array("le9/W"); }),
            "npz: " + path + " must hold the key le9/W, but it does not");
  EXPECT_EQ(message_of<Error>([&] { npz.array("title"); }),
            "npz: title in " + path + " must be an array, but it is a text");
  EXPECT_EQ(message_of<Error>([&] { npz.array("lazy/W"); }),
            "npz: lazy/W in " + path + " must be an array, but it is None");
  EXPECT_EQ(message_of<Error>([&] { npz.text("table"); }),
            "npz: table in " + path + " must be a text, but it is int64(4)");
  EXPECT_EQ(message_of<Error>([&] { npz.text("lazy/W"); }),
            "npz: lazy/W in " + path + " must be a text, but it is None");
}

TEST(NpzReader, RefusesDamagedEntries) {
  Folder folder;
  const std::string path = folder / "a.npz", good = npy::encode(Array::arange(3));
  write_zip(
      path,
      {{"good.npy", good}, {"text.npy", "hello"}, {"short.npy", good.substr(0, good.size() - 1)}});
  {
    const NpzReader npz(path);
    EXPECT_EQ(npz.array("good").size(), 3);
    EXPECT_EQ(message_of<Error>([&] { npz.array("text"); }),
              "npz: text in " + path + " must begin as an npy file, but its magic bytes are wrong");
    EXPECT_EQ(message_of<Error>([&] { npz.array("short"); }),
              "npz: short in " + path +
                  " must hold 24 bytes for its shape (3) and type <i8, but 23 follow the header");
  }
  std::string bytes = read(path);
  bytes[bytes.find("hello")] = 'j';
  EXPECT_EQ(message_of<Error>(
                [&] { NpzReader(std::as_bytes(std::span(bytes)), "flipped").array("text"); }),
            "npz: text in flipped must decompress to 5 bytes, but: CRC error");
}

TEST(NpzReader, RefusesDamagedCompression) {
  std::string bytes = npz_of(Array::arange(500));
  const std::size_t data = bytes.find("x.npy") + 5;
  for (std::size_t i = data + 20; i < data + 60; ++i) bytes[i] = '\xff';
  EXPECT_EQ(
      message_of<Error>([&] { NpzReader(std::as_bytes(std::span(bytes)), "damaged").array("x"); }),
      "npz: x in damaged must decompress to 4128 bytes, but: Zlib error: data error");
}

TEST(NpzReader, RefusesAnEntryThatClaimsTooMuch) {
  std::string bytes = npz_of(Array::arange(3));
  // The size in the table of contents, which begins with PK 1 2, stands 24 bytes into the entry.
  const std::size_t entry = bytes.find("PK\x01\x02");
  const std::uint32_t compressed = static_cast<unsigned char>(bytes[entry + 20]);
  bytes.replace(entry + 24, 4, "\xff\xff\xff\x7f");
  EXPECT_EQ(
      message_of<Error>([&] { NpzReader(std::as_bytes(std::span(bytes)), "bomb").array("x"); }),
      "npz: x in bomb must be compressed at most 1032 times, but " + std::to_string(compressed) +
          " bytes are claimed to hold 2147483647");
}

// Whatever the table of contents says of an entry, memory is taken as its bytes come.
TEST(NpzReader, TakesNoMemoryForWhatIsOnlyClaimed) {
  std::string bytes = npz_of(Array::arange(3));
  const std::size_t entry = bytes.find("PK\x01\x02");
  bytes.replace(entry + 20, 4, "\xf0\xff\xff\x7f");  // 2 GB when compressed,
  bytes.replace(entry + 24, 4, "\xff\xff\xff\xff");  // 4 GB when not
  rlimit old{};
  getrlimit(RLIMIT_AS, &old);
  if (autograd::kKeepBlocks) {  // a sanitizer's shadow would not fit
    const rlimit small{rlim_t{3} << 30, old.rlim_max};
    setrlimit(RLIMIT_AS, &small);
  }
  EXPECT_THAT(
      message_of<Error>([&] { NpzReader(std::as_bytes(std::span(bytes)), "bomb").array("x"); }),
      testing::StartsWith("npz: "));
  setrlimit(RLIMIT_AS, &old);
}

TEST(NpzReader, RefusesMoreBytesThanAreWanted) {
  Folder folder;
  const std::string path = folder / "a.npz";
  NpzWriter writer(path);
  writer.write("x", Array::zeros({1 << 20}, Dtype::float32));
  writer.close();
  const NpzReader npz(path);
  EXPECT_EQ(std::get<Array>(npz.entry("x", (1 << 22) + 128)).size(), 1 << 20);
  EXPECT_EQ(message_of<Error>([&] { npz.entry("x", 1000); }),
            "npz: x in " + path +
                " must have at most 1000 bytes, but its table of contents says 4194432, <f4 of "
                "shape (1048576)");
}

TEST(NpzReader, ReadsNoPipesAndFolders) {
  Folder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(message_of<Error>([&] { NpzReader npz(pipe); }),
            "npz: " + pipe + " must be a file, but it is a device, pipe or socket");
  EXPECT_EQ(message_of<Error>([&] { NpzReader npz(folder / ""); }),
            "npz: " + (folder / "") + " must be readable, but: Is a directory");
}

TEST(NpzReader, RefusesAKeyThatStandsTwice) {
  Folder folder;
  const std::string path = folder / "a.npz", file = npy::encode(Array::arange(3));
  write_zip(path, {{"a.npy", file}, {"b.npy", file}});
  std::string bytes = read(path);
  for (std::size_t at; (at = bytes.find("b.npy")) != std::string::npos;) bytes[at] = 'a';
  EXPECT_EQ(message_of<Error>([&] { NpzReader npz(std::as_bytes(std::span(bytes)), "twice"); }),
            "npz: twice must hold each key once, but it holds a twice");
}

}  // namespace
}  // namespace nn
