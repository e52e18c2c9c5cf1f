#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nn/datasets/dataset.h"

namespace nn::datasets {

// Combines named datasets of one length: example i is the dictionary of their examples at i.
//   DictDataset train({{"x", images}, {"t", labels}});
class DictDataset : public Dataset {
 public:
  using Named = std::vector<std::pair<std::string, AnyDataset>>;
  explicit DictDataset(Named datasets);

  std::int64_t size() const override { return datasets_[0].second->size(); }
  Example get_example(std::int64_t i) const override;

 private:
  Named datasets_;
};

}  // namespace nn::datasets
