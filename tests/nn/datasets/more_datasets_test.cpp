#include <gmock/gmock.h>
#include <zlib.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "nn/datasets/cifar.h"
#include "nn/datasets/download.h"
#include "nn/datasets/fashion_mnist.h"
#include "nn/datasets/idx.h"
#include "nn/datasets/ptb.h"
#include "nn/datasets/sub_dataset.h"
#include "nn/datasets/svhn.h"
#include "nn/datasets/tabular_dataset.h"
#include "nn/datasets/text_dataset.h"
#include "nn/datasets/transform_dataset.h"
#include "nn/files/download.h"
#include "nn/files/mat.h"
#include "nn/files/npz.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn::datasets {
namespace {

using autograd::Dtype;
using autograd::Error;
using autograd::Shape;
using autograd::Slice;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::StartsWith;

// Whether the rows of arrays were copied to a batch at once.
bool copied_once(const Batch& batch) { return batch.rows() != nullptr; }

// --- Slices

// Example i is i.
class Numbers : public Dataset {
 public:
  explicit Numbers(std::int64_t n) : n_(n) {}
  std::int64_t size() const override { return n_; }
  Example get_example(std::int64_t i) const override { return i; }

 private:
  std::int64_t n_;
};

std::vector<std::int64_t> values(const Batch& batch) {
  std::vector<std::int64_t> all;
  for (std::size_t i = 0; i < batch.size(); ++i)
    all.push_back(static_cast<std::int64_t>(batch[i].array().item()));
  return all;
}

// Python's range(n)[start:stop:step], by walking from the start, which is cut to the sequence, as
// long as the stop is not passed.
std::vector<std::int64_t> sliced(std::int64_t n, const Slice& s) {
  const bool up = s.step > 0;
  const auto cut = [&](std::int64_t i) {
    if (i < 0) i += n;
    if (i < 0) return up ? std::int64_t{0} : std::int64_t{-1};
    if (i >= n) return up ? n : n - 1;
    return i;
  };
  const std::int64_t start = s.start ? cut(*s.start)
                             : up    ? 0
                                     : n - 1,
                     stop = s.stop ? cut(*s.stop)
                            : up   ? n
                                   : -1;
  std::vector<std::int64_t> all;
  for (std::int64_t i = start; up ? i < stop : i > stop; i += s.step) all.push_back(i);
  return all;
}

TEST(DatasetSlices, AreWhatPythonGives) {
  std::vector<std::optional<std::int64_t>> ends{std::nullopt};
  for (std::int64_t i = -9; i <= 9; ++i) ends.emplace_back(i);
  int compared = 0;
  for (const std::int64_t n : {0, 1, 6})
    for (const auto& start : ends)
      for (const auto& stop : ends)
        for (const std::int64_t step : {-7, -2, -1, 1, 2, 3}) {
          const Slice slice(start, stop, step);
          EXPECT_EQ(values(Numbers(n)[slice]), sliced(n, slice))
              << n << " " << start.value_or(99) << " " << stop.value_or(99) << " " << step;
          ++compared;
        }
  EXPECT_EQ(compared, 3 * 20 * 20 * 6);
  // As Python 3 prints them.
  EXPECT_THAT(values(Numbers(20)[Slice(1, 10, 2)]), ElementsAre(1, 3, 5, 7, 9));
  EXPECT_THAT(values(Numbers(6)[Slice(-2, -9, -2)]), ElementsAre(4, 2, 0));
  EXPECT_THAT(values(Numbers(6)[Slice(9, 1, -3)]), ElementsAre(5, 2));
  EXPECT_THAT(values(Numbers(6)[Slice(-9, -1, 3)]), ElementsAre(0, 3));
  EXPECT_THAT(values(Numbers(6)[Slice({}, {}, -2)]), ElementsAre(5, 3, 1));
  EXPECT_THAT(values(Numbers(6)[Slice(4, -7, -2)]), ElementsAre(4, 2, 0));
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_THAT(values(Numbers(5)[Slice(1, most, most)]), ElementsAre(1));
  EXPECT_THAT(values(Numbers(5)[Slice({}, {}, -most)]), ElementsAre(4));
}

TEST(DatasetSlices, TakeIndicesAndMasks) {
  const Numbers data(5);
  EXPECT_THAT(values(data[std::vector<std::int64_t>{3, -1, 0}]), ElementsAre(3, 4, 0));
  EXPECT_THAT(values(data[Array::of({1, -2})]), ElementsAre(1, 3));
  EXPECT_THAT(values(data[std::vector<bool>{true, false, false, true, true}]),
              ElementsAre(0, 3, 4));
  EXPECT_THAT(values(data[Array::of({false, true, false, false, false})]), ElementsAre(1));
  // The rows of arrays are copied once.
  const TupleDataset rows(Array::arange(12).reshape({4, 3}));
  EXPECT_TRUE(copied_once(rows[Slice(1, 3)]));
  EXPECT_EQ(message_of([&] { data[std::vector<std::int64_t>{5}]; }),
            "dataset: the index must lie within the 5 examples, but it is 5");
  EXPECT_EQ(message_of([&] { data[std::vector<bool>{true}]; }),
            "dataset: a mask must have a bool for each of the 5 examples, but it has 1");
  EXPECT_EQ(message_of([&] { data[Array::of({1.0})]; }),
            "dataset: indices must be a vector of integers, and a mask one of bools, but there is "
            "float64(1)");
  EXPECT_EQ(message_of([&] { data[Slice(0, 1, 0)]; }),
            "dataset: the step of a slice must not be 0, but it is");
}

// --- Texts

std::vector<std::string> lines_of(const TextDataset& data) {
  std::vector<std::string> all;
  for (std::int64_t i = 0; i < data.size(); ++i) all.push_back(data[i].as<std::string>());
  return all;
}

TEST(TextDataset, GivesLines) {
  const Folder folder;
  EXPECT_THAT(lines_of(TextDataset(folder.write("a", "one\ntwo\n\nfour"))),
              ElementsAre("one\n", "two\n", "\n", "four"));
  EXPECT_THAT(lines_of(TextDataset(folder.write("b", "one\r\ntwo\rthree\r\n\r\n"))),
              ElementsAre("one\n", "two\n", "three\n", "\n"));
  EXPECT_EQ(TextDataset(folder.write("c", "")).size(), 0);
  EXPECT_EQ(TextDataset(folder / "a")[-1].as<std::string>(), "four");
  const std::string greek = "\xce\xb1\xce\xb2\n";
  EXPECT_THAT(lines_of(TextDataset(folder.write("d", greek + greek))), ElementsAre(greek, greek));
}

TEST(TextDataset, GivesTuplesOfLinesOfSeveralFiles) {
  const Folder folder;
  const std::string a = folder.write("a", "one\ntwo\nthree\n"),
                    b = folder.write("b", "eins\nzwei\ndrei\n"), c = folder.write("c", "un\n");
  const TextDataset pairs({a, b});
  EXPECT_EQ(pairs[1][0].as<std::string>(), "two\n");
  EXPECT_EQ(pairs[1][1].as<std::string>(), "zwei\n");
  const TextDataset some({a, b}, {.filter_func = [](const std::vector<std::string>& lines) {
                           return lines[1] != "zwei\n";
                         }});
  ASSERT_EQ(some.size(), 2);
  EXPECT_EQ(some[1][0].as<std::string>(), "three\n");
  EXPECT_EQ(message_of([&] {
              TextDataset({a, c});
            }),
            "TextDataset: the files must have equally many lines, but " + a + " has 3 and " + c +
                " has 1");
  EXPECT_EQ(message_of([] { TextDataset(std::vector<std::string>{}); }),
            "TextDataset: there must be a text file, but there is none");
  const TextDataset gone(a);
  std::filesystem::resize_file(a, 3);
  EXPECT_EQ(message_of([&] { gone[2]; }),
            "TextDataset: " + a + " must stay as it was, but line 2 is no longer there");
}

// --- Tables

TabularDataset table() {
  return TabularDataset::from_data(
      {{"x", Array::arange(10, Dtype::float32).reshape({5, 2})}, {"t", Array::arange(5)}});
}

TEST(TabularDataset, GivesRows) {
  const TabularDataset data = table();
  EXPECT_THAT(data.keys(), ElementsAre("x", "t"));
  EXPECT_EQ(data.size(), 5);
  EXPECT_THAT(data[1][0].array().to_vector<float>(), ElementsAre(2, 3));
  EXPECT_EQ(data[-1][1].array().item(), 4);
  EXPECT_EQ(data.asdict()[2]["t"].array().item(), 2);
  EXPECT_EQ(data.asdict().astuple()[2][1].array().item(), 2);
  EXPECT_EQ(data.column("t")[3].array().item(), 3);
  EXPECT_TRUE(copied_once(data[Slice(0, 3)]));  // copied once
  const Arguments all = data.fetch();
  EXPECT_EQ(all[0].array().shape(), (Shape{5, 2}));
  EXPECT_EQ(data.asdict().fetch()["t"].array().shape(), (Shape{5}));
}

TEST(TabularDataset, IsSlicedByRowsAndColumns) {
  const TabularDataset data = table();
  const TabularDataset odd = data.slice(Slice(1, {}, 2));
  EXPECT_EQ(odd.size(), 2);
  EXPECT_EQ(odd[1][1].array().item(), 3);
  EXPECT_EQ(odd.slice(std::vector<std::int64_t>{-1})[0][1].array().item(), 3);
  const TabularDataset some =
      data.slice(std::vector<bool>{true, false, false, false, true}, {{"t", "x"}});
  EXPECT_THAT(some.keys(), ElementsAre("t", "x"));
  EXPECT_EQ(some[1][0].array().item(), 4);
  EXPECT_TRUE(copied_once(some[Slice()]));
  EXPECT_EQ(message_of([&] { data.slice(Slice(), {{"y"}}); }),
            "TabularDataset: the key must be one of x, t, but it is y");
}

TEST(TabularDataset, IsJoinedAndConcatenated) {
  const TabularDataset data = table();
  const TabularDataset joined = data.join(
      TabularDataset::from_data({{"text", std::vector<std::string>{"a", "b", "c", "d", "e"}}}));
  EXPECT_EQ(joined[4][2].as<std::string>(), "e");
  EXPECT_EQ(joined.asdict()[0]["text"].as<std::string>(), "a");
  const TabularDataset twice = data.concat(data.slice(Slice(0, 2)));
  EXPECT_EQ(twice.size(), 7);
  EXPECT_EQ(twice[6][1].array().item(), 1);
  EXPECT_EQ(message_of([&] { data.join(data); }),
            "TabularDataset: each column must have a key of its own, but two are x");
  EXPECT_EQ(message_of([&] { data.join(data.slice(Slice(0, 2))); }),
            "TabularDataset: all columns must have one length, but x has 5 and x has 2");
  EXPECT_EQ(message_of([&] { data.concat(joined); }),
            "TabularDataset: tables to be concatenated must have the same keys and mode, but the "
            "keys are x, t and x, t, text");
  EXPECT_EQ(message_of([] { TabularDataset::from_data({}); }),
            "TabularDataset: there must be a column, but there is none");
}

// --- The folder of data sets

class Root : public testing::Test {
 protected:
  Root() { set_dataset_root(folder / "root"); }
  ~Root() override { set_dataset_root(""); }
  std::string write(const std::string& name, const Bytes& bytes) const {
    return folder.write(name,
                        std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  Folder folder;
};

TEST_F(Root, HasFoldersOfDataSets) {
  EXPECT_EQ(get_dataset_root(), folder / "root");
  const std::string path = get_dataset_directory("a/b", false);
  EXPECT_EQ(path, folder / "root/a/b");
  EXPECT_FALSE(std::filesystem::exists(path));
  get_dataset_directory("a/b");
  EXPECT_TRUE(std::filesystem::is_directory(path));
  folder.write("root/file", "");
  EXPECT_THAT(message_of([] { get_dataset_directory("file/b"); }),
              StartsWith("get_dataset_directory: " + (folder / "root/file/b") +
                         " must be a folder that can be created, but: "));
}

TEST_F(Root, CachesDownloadsUnderChainersNames) {
  if (!can_download()) GTEST_SKIP();
  const std::string url = "file://" + folder.write("served", "contents");
  const std::string path = cached_download(url);
  EXPECT_EQ(path, (folder / "root/_dl_cache/") + md5_of(url));
  EXPECT_EQ(md5_of("abc"), "900150983cd24fb0d6963f7d28e17f72");
  std::filesystem::remove(folder / "served");
  EXPECT_EQ(cached_download(url), path);
  EXPECT_EQ(std::filesystem::file_size(path), 8u);
}

TEST_F(Root, CachesAFileThatIsMade) {
  int made = 0, loaded = 0;
  const auto get = [&] {
    return cache_or_load_file(
        folder / "root/x/file",
        [&](const std::string& path) {
          EXPECT_FALSE(std::filesystem::exists(path));
          std::ofstream(path) << "text";
          ++made;
          return std::string("text");
        },
        [&](const std::string& path) {
          ++loaded;
          std::ifstream file(path);
          return std::string(std::istreambuf_iterator<char>(file), {});
        });
  };
  EXPECT_EQ(get(), "text");
  EXPECT_EQ(get(), "text");
  EXPECT_EQ(made, 1);
  EXPECT_EQ(loaded, 1);
  const auto broken = [&] {
    return cache_or_load_file(
        folder / "root/y",
        [](const std::string& path) -> int {
          std::ofstream(path) << "half";
          throw Error("it broke");
        },
        [](const std::string&) { return 1; });
  };
  EXPECT_EQ(message_of(broken), "it broke");
  EXPECT_FALSE(std::filesystem::exists(folder / "root/y"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "root"), {}), 1);
}

// --- Data sets

TEST_F(Root, FashionMnistAndKuzushijiMnistComeFromTheirCaches) {
  for (const std::string name : {"fashion-mnist", "kuzushiji_mnist"}) {
    const std::string cache = get_dataset_directory("pfnet/chainer/" + name);
    for (const char* part : {"train", "test"}) {
      NpzWriter writer(cache + "/" + part + ".npz");
      writer.write("x", Array::full({3, 784}, 51, Dtype::uint8));
      writer.write("y", Array::arange(3, Dtype::uint8));
      writer.close();
    }
  }
  EXPECT_EQ(get_fashion_mnist({.ndim = 3}).train.arrays()[0].shape(), (Shape{3, 1, 28, 28}));
  EXPECT_EQ(get_kuzushiji_mnist(true, 2).test[2][1].array().item(), 2);
  EXPECT_EQ(get_fashion_mnist(false).train.size(), 3);
  EXPECT_EQ(get_fashion_mnist_labels().at(9), "Ankle boot");
  EXPECT_EQ(get_kuzushiji_mnist_labels().at(3).romaji, "tsu");
  EXPECT_EQ(get_kuzushiji_mnist_labels().at(0).character, "\xe3\x81\x8a");
  EXPECT_EQ(get_kuzushiji_mnist_labels().size(), 10u);
}

TEST_F(Root, DownloadsAreCheckedByTheirMd5) {
  if (!can_download()) GTEST_SKIP();
  setenv("CHAINETTE_FASHION_MNIST_URL", ("file://" + (folder / "")).c_str(), 1);
  folder.write("train-images-idx3-ubyte.gz", "something else");
  EXPECT_THAT(
      message_of([] { get_fashion_mnist(); }),
      testing::AllOf(StartsWith("get_fashion_mnist: Fashion-MNIST must be on this machine or "
                                "downloadable, but it is not in "),
                     HasSubstr("the file has the MD5 6c7ba9c5a141421e1c03cb9807c97c74 "
                               "instead of 8d4fb7e6c68d591d4c3dfef9ec88bf0d")));
  unsetenv("CHAINETTE_FASHION_MNIST_URL");
}

TEST_F(Root, Cifar100HasTheFineLabels) {
  std::string records;
  for (int i = 0; i < 3; ++i) {
    records += static_cast<char>(i);       // coarse
    records += static_cast<char>(97 + i);  // fine
    records += std::string(3072, static_cast<char>(51));
  }
  folder.write("train.bin", records);
  folder.write("test.bin", records.substr(0, 3074));
  const auto [train, test] = get_cifar100({.ndim = 3}, folder / "");
  EXPECT_EQ(train.size(), 3);
  EXPECT_EQ(train[2][1].array().item(), 99);
  EXPECT_EQ(test[0][0].array().shape(), (Shape{3, 32, 32}));
  folder.write("train.bin", records + std::string(3074, static_cast<char>(100)));
  EXPECT_EQ(message_of([&] { get_cifar100({.ndim = 3}, folder / ""); }),
            "get_cifar100: labels must be from 0 to 99, but " + (folder / "") +
                "/train.bin has 100 at 3");
  std::filesystem::remove(folder / "train.bin");
  EXPECT_EQ(
      message_of([&] { get_cifar100({.ndim = 3}, folder / ""); }),
      "get_cifar100: " + (folder / "") + " must hold train.bin and test.bin, but it has no train");
}

TEST_F(Root, PtbNumbersWordsInTheirOrder) {
  folder.write("ptb.train.txt", " no it was n't <unk> \n no \n");
  folder.write("ptb.valid.txt", " it was <unk> \n");
  folder.write("ptb.test.txt", " n't\n");
  const auto expect_words = [](const PtbWords& words) {
    EXPECT_THAT(words.train.to_vector<std::int32_t>(), ElementsAre(0, 1, 2, 3, 4, 5, 0, 5));
    EXPECT_THAT(words.valid.to_vector<std::int32_t>(), ElementsAre(1, 2, 4, 5));
    EXPECT_THAT(words.test.to_vector<std::int32_t>(), ElementsAre(3, 5));
    EXPECT_EQ(words.train.dtype(), Dtype::int32);
  };
  expect_words(get_ptb_words(folder / ""));
  EXPECT_EQ(get_ptb_words_vocabulary(folder / "").at("<eos>"), 5);
  if (can_download()) {
    setenv("CHAINETTE_PTB_URL", ("file://" + (folder / "")).c_str(), 1);
    expect_words(get_ptb_words());
    unsetenv("CHAINETTE_PTB_URL");
    expect_words(get_ptb_words());  // from the cache
    EXPECT_EQ(get_ptb_words_vocabulary().at("n't"), 3);
    const std::string cache = get_dataset_directory("pfnet/chainer/ptb");
    NpzWriter writer(cache + "/test.npz");
    writer.write("x", Array::of<std::int32_t>({6}));
    writer.close();
    EXPECT_EQ(message_of([] { get_ptb_words(); }),
              "get_ptb_words: x in " + cache +
                  "/test.npz must hold numbers of the 6 words in vocab.txt, but it holds 6");
  }
  folder.write("ptb.test.txt", "never\n");
  EXPECT_EQ(message_of([&] { get_ptb_words(folder / ""); }),
            "get_ptb_words: each word of ptb.test.txt must be in ptb.train.txt, but never is not");
}

// --- MATLAB's files

void put(Bytes& out, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::byte*>(data);
  out.insert(out.end(), bytes, bytes + size);
}
void put32(Bytes& out, std::uint32_t word, bool swapped) {
  if (swapped) word = __builtin_bswap32(word);
  put(out, &word, 4);
}
void put_element(Bytes& out, std::uint32_t type, const Bytes& data, bool swapped, bool pad = true) {
  put32(out, type, swapped);
  put32(out, static_cast<std::uint32_t>(data.size()), swapped);
  put(out, data.data(), data.size());
  if (pad) out.resize((out.size() + 7) / 8 * 8);
}

struct MatArray {
  std::string name;
  std::vector<std::int32_t> lengths;
  std::uint32_t kind, type;  // of the array, and of the numbers that are stored
  Bytes numbers;
};

Bytes mat_element(const MatArray& a, bool swapped, std::uint32_t flags = 0) {
  Bytes whole, part;
  put32(part, a.kind | flags, swapped);
  put32(part, 0, swapped);
  put_element(whole, 6, part, swapped);
  part.clear();
  for (const std::int32_t n : a.lengths) put32(part, static_cast<std::uint32_t>(n), swapped);
  put_element(whole, 5, part, swapped);
  part.clear();
  put(part, a.name.data(), a.name.size());
  if (a.name.size() <= 4 && !swapped) {  // the small form
    put32(whole, static_cast<std::uint32_t>(a.name.size()) << 16 | 1, swapped);
    part.resize(4);
    put(whole, part.data(), 4);
  } else {
    put_element(whole, 1, part, swapped);
  }
  put_element(whole, a.type, a.numbers, swapped);
  Bytes element;
  put_element(element, 14, whole, swapped);
  return element;
}

Bytes mat_file(const std::vector<Bytes>& elements, bool compressed, bool swapped = false) {
  Bytes file(124, std::byte{' '});
  put(file, swapped ? "\1\0MI" : "\0\1IM", 4);
  for (const Bytes& element : elements) {
    if (!compressed) {
      put(file, element.data(), element.size());
      continue;
    }
    uLongf size = compressBound(element.size());
    Bytes packed(size);
    compress(reinterpret_cast<Bytef*>(packed.data()), &size,
             reinterpret_cast<const Bytef*>(element.data()), element.size());
    packed.resize(size);
    put_element(file, 15, packed, swapped, false);
  }
  return file;
}

Bytes bytes_of(std::initializer_list<int> values) {
  Bytes bytes;
  for (const int v : values) bytes.push_back(static_cast<std::byte>(v));
  return bytes;
}

TEST(Mat, HoldsArraysByColumns) {
  for (const bool compressed : {false, true}) {
    const MatArray matrix{"X", {2, 3}, 9, 2, bytes_of({1, 2, 3, 4, 5, 6})};
    const MatArray small{"doubles", {1, 3}, 6, 2, bytes_of({7, 8, 9})};  // stored as bytes
    const MatArray text{"text", {1, 2}, 4, 16, bytes_of({104, 105})};
    const auto arrays = read_mat(
        mat_file({mat_element(matrix, false), mat_element(text, false), mat_element(small, false)},
                 compressed),
        "m.mat");
    ASSERT_EQ(arrays.size(), 2u);
    EXPECT_EQ(describe(arrays.at("X")), "uint8(2, 3)");
    EXPECT_THAT(arrays.at("X").to_vector<int>(), ElementsAre(1, 3, 5, 2, 4, 6));
    EXPECT_EQ(describe(arrays.at("doubles")), "float64(1, 3)");
    EXPECT_THAT(arrays.at("doubles").to_vector<double>(), ElementsAre(7, 8, 9));
  }
}

TEST(Mat, MayBeOfTheOtherByteOrder) {
  Bytes numbers;
  put32(numbers, 70000, true);
  put32(numbers, static_cast<std::uint32_t>(-3), true);
  const auto arrays =
      read_mat(mat_file({mat_element({"i", {1, 2}, 12, 5, numbers}, true)}, false, true), "m.mat");
  EXPECT_EQ(describe(arrays.at("i")), "int32(1, 2)");
  EXPECT_THAT(arrays.at("i").to_vector<int>(), ElementsAre(70000, -3));
}

TEST(Mat, IsRefusedWhereItIsDamaged) {
  const MatArray matrix{"X", {2, 3}, 9, 2, bytes_of({1, 2, 3, 4, 5, 6})};
  const Bytes whole = mat_file({mat_element(matrix, false)}, false),
              packed = mat_file({mat_element(matrix, false)}, true);
  const auto error_of = [](const Bytes& file, std::uint64_t most = 1u << 20) {
    return message_of([&] { read_mat(file, "m.mat", most); });
  };
  EXPECT_EQ(error_of(Bytes(10)), "mat: m.mat must have a header of 128 bytes, but it has fewer");
  EXPECT_EQ(error_of(Bytes(200)),
            "mat: m.mat must be a MATLAB file of version 5, but its header says otherwise");
  for (std::size_t n = 129; n + 8 < whole.size(); ++n)  // the last bytes are padding
    EXPECT_NE(error_of(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))), "")
        << n;
  for (std::size_t n = 129; n < packed.size(); ++n)
    EXPECT_NE(error_of(Bytes(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(n))), "")
        << n;
  EXPECT_EQ(error_of(packed, 10),
            "mat: m.mat must unpack to at most 10 bytes, but it unpacks to more");
  for (const std::vector<std::int32_t>& lengths :
       {std::vector<std::int32_t>{2, 4}, {2, 1 << 30, 1 << 30, 1 << 30}, {-1, 3}})
    EXPECT_NE(error_of(mat_file({mat_element({"X", lengths, 9, 2, matrix.numbers}, false)}, true)),
              "");
  // Each byte of the file, changed in some ways: read or refused in words, but nothing worse.
  for (const Bytes& file : {whole, packed})
    for (std::size_t i = 0; i < file.size(); ++i)
      for (const int change : {1, 0x80, 0xff}) {
        Bytes damaged = file;
        damaged[i] ^= static_cast<std::byte>(change);
        try {
          read_mat(damaged, "m.mat", 1u << 20);
        } catch (const Error&) {
        }
      }
}

TEST_F(Root, SvhnComesFromMatlabsFiles) {
  constexpr int n = 3;
  Bytes images, labels = bytes_of({1, 10, 9});
  for (int i = 0; i < n; ++i)
    for (int channel = 0; channel < 3; ++channel)
      for (int column = 0; column < 32; ++column)
        for (int row = 0; row < 32; ++row)
          images.push_back(static_cast<std::byte>((row + 2 * column + 50 * channel + i) % 256));
  const auto file = [&] {
    return mat_file({mat_element({"X", {32, 32, 3, n}, 9, 2, images}, false),
                     mat_element({"y", {n, 1}, 9, 2, labels}, false)},
                    true);
  };
  for (const char* part : {"train", "test", "extra"})
    write(std::string(part) + "_32x32.mat", file());
  const auto expect_images = [&](const Svhn& svhn) {
    ASSERT_EQ(svhn.train.size(), n);
    EXPECT_EQ(svhn.train[1][1].array().item(), 0);  // the digit 0 is labelled 10
    EXPECT_EQ(svhn.train[2][1].array().item(), 9);
    const Array image = svhn.train[2][0].array();
    EXPECT_EQ(image.shape(), (Shape{3, 32, 32}));
    EXPECT_EQ(image.select(0, 1).select(0, 4).select(0, 7).item(), (4 + 14 + 50 + 2) * (1.f / 255));
  };
  const Svhn svhn = get_svhn({.add_extra = true}, folder / "");
  expect_images(svhn);
  ASSERT_TRUE(svhn.extra);
  EXPECT_EQ(svhn.extra->size(), n);
  EXPECT_EQ(get_svhn({.withlabel = false, .scale = 255}, folder / "").test.arrays().size(), 1u);
  if (can_download()) {
    setenv("CHAINETTE_SVHN_URL", ("file://" + (folder / "")).c_str(), 1);
    expect_images(get_svhn());
    unsetenv("CHAINETTE_SVHN_URL");
    expect_images(get_svhn());  // from the cache
  }
  labels = bytes_of({1, 11, 9});
  write("train_32x32.mat", file());
  EXPECT_EQ(message_of([&] { get_svhn({}, folder / ""); }),
            "get_svhn: the labels of train must hold labels from 0 to 9, but label 11 is at 1");
}

// --- Converters

TEST(Converters, AreForProcessorsOnly) {
  const Array x = Array::of({1.0});
  EXPECT_TRUE(array_equal(to_device(-1, x), x));
  EXPECT_EQ(message_of([&] { to_device(0, x); }),
            "to_device: the device must be a processor, with a negative id, but it is 0");
  const Converter convert = ConcatWithAsyncTransfer(0);
  const Array padded =
      convert(Batch(std::vector<Array>{Array::of({1}), Array::of({2, 3})}))[0].array();
  EXPECT_THAT(padded.to_vector<int>(), ElementsAre(1, 0, 2, 3));
}

}  // namespace
}  // namespace nn::datasets
