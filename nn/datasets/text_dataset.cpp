#include "nn/datasets/text_dataset.h"

#include <fmt/format.h>

#include <algorithm>

#include "nn/files/read_file.h"

namespace nn::datasets {

using autograd::Error;

namespace {

// Where the lines of a file begin, and where the last one ends.
std::vector<std::uint64_t> line_bounds(const std::string& path) {
  const OpenFile file = open_file(path, "TextDataset");
  std::vector<std::uint64_t> bounds{0};
  std::vector<char> room(1u << 16);
  std::uint64_t at = 0;
  bool carriage_return = false;  // the last character was one, whose line may end with a line feed
  while (const std::size_t n = std::fread(room.data(), 1, room.size(), file.get())) {
    for (std::size_t i = 0; i < n; ++i, ++at) {
      const char c = room[i];
      if (carriage_return && c == '\n') ++bounds.back();
      if (c == '\r' || (c == '\n' && !carriage_return)) bounds.push_back(at + 1);
      carriage_return = c == '\r';
    }
  }
  if (bounds.back() != at) bounds.push_back(at);  // a last line without an end
  return bounds;
}

}  // namespace

TextDataset::TextDataset(const std::string& path, TextDatasetOptions options)
    : TextDataset(std::vector<std::string>{path}, std::move(options)) {
  single_ = true;
}

TextDataset::TextDataset(std::vector<std::string> paths, TextDatasetOptions options)
    : single_(paths.size() == 1), paths_(std::move(paths)) {
  if (paths_.empty()) throw Error("TextDataset: there must be a text file, but there is none");
  for (const std::string& path : paths_) {
    bounds_.push_back(line_bounds(path));
    if (bounds_.back().size() != bounds_[0].size())
      throw Error(fmt::format(
          "TextDataset: the files must have equally many lines, but {} has {} and {} has {}",
          paths_[0], bounds_[0].size() - 1, path, bounds_.back().size() - 1));
  }
  for (std::size_t i = 0; i + 1 < bounds_[0].size(); ++i) {
    if (options.filter_func) {
      std::vector<std::string> all;
      for (std::size_t file = 0; file < paths_.size(); ++file) all.push_back(line(file, i));
      if (!options.filter_func(all)) continue;
    }
    lines_.push_back(i);
  }
}

std::string TextDataset::line(std::size_t file, std::size_t number) const {
  const std::uint64_t begin = bounds_[file][number], end = bounds_[file][number + 1];
  const OpenFile open = open_file(paths_[file], "TextDataset");
  std::string text(end - begin, '\0');
  if (std::fseek(open.get(), static_cast<long>(begin), SEEK_SET) != 0 ||
      std::fread(text.data(), 1, text.size(), open.get()) != text.size())
    throw Error(fmt::format("TextDataset: {} must stay as it was, but line {} is no longer there",
                            paths_[file], number));
  if (text.ends_with("\r\n"))
    text.replace(text.size() - 2, 2, "\n");
  else if (text.ends_with('\r'))
    text.back() = '\n';
  return text;
}

Example TextDataset::get_example(std::int64_t i) const {
  require_index("TextDataset", i);
  const std::size_t number = lines_[static_cast<std::size_t>(i)];
  if (single_) return line(0, number);
  Example::Tuple tuple;
  for (std::size_t file = 0; file < paths_.size(); ++file) tuple.emplace_back(line(file, number));
  return tuple;
}

}  // namespace nn::datasets
