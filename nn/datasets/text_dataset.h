#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "nn/datasets/dataset.h"

namespace nn::datasets {

struct TextDatasetOptions {
  // Which lines to keep: a function of a line of each file. All, unless given.
  std::function<bool(const std::vector<std::string>& lines)> filter_func = {};
};

// The lines of a text file, or tuples of the lines of several files, which must have equally many.
// Each example is read from the files when it is asked for; their lines are found once, when the
// dataset is made, and the files must not change afterwards. A line keeps its end, as "\n" also
// where the file has "\r\n" or "\r"; the last line may have none. chainer.datasets.TextDataset;
// texts are UTF-8.
//   TextDataset pairs({"train.en", "train.fr"});
//   TransformDataset ids(pairs, [&](const Example& e) -> Example {
//     return {english.ids(e[0].as<std::string>()), french.ids(e[1].as<std::string>())}; });
class TextDataset : public Dataset {
 public:
  explicit TextDataset(const std::string& path, TextDatasetOptions options = {});
  explicit TextDataset(std::vector<std::string> paths, TextDatasetOptions options = {});
  // Without this constructor, {"train.en", "train.fr"} could also be the two ends of one text.
  explicit TextDataset(std::initializer_list<std::string> paths, TextDatasetOptions options = {})
      : TextDataset(std::vector<std::string>(paths), std::move(options)) {}

  std::int64_t size() const override { return static_cast<std::int64_t>(lines_.size()); }
  Example get_example(std::int64_t i) const override;

 private:
  std::string line(std::size_t file, std::size_t number) const;

  bool single_;
  std::vector<std::string> paths_;
  std::vector<std::vector<std::uint64_t>>
      bounds_;                      // of each file: where line i begins, and the end
  std::vector<std::size_t> lines_;  // that are kept
};

}  // namespace nn::datasets
