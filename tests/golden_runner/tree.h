#pragma once

#include <map>
#include <memory>
#include <string>

#include "nn/link.h"

namespace golden {

// A model of any form, made from the paths of its parameters: "le1/W", "blocks/0/b".
class Tree : public nn::Link {
 public:
  void add(const std::string& path, const autograd::Array& value);
  void list(nn::Members& members) override;
  // Its parameters by path, without the slash in front.
  std::map<std::string, nn::Parameter> parameters();

 private:
  std::map<std::string, nn::Parameter> parameters_;
  std::map<std::string, std::unique_ptr<Tree>> children_;
};

// The parameters of any link by path, without the slash in front.
std::map<std::string, nn::Parameter> parameters(nn::Link& link);

}  // namespace golden
