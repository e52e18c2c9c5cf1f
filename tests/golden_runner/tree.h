#pragma once

#include <map>
#include <memory>
#include <string>

#include "nn/files/npy.h"
#include "nn/link.h"

namespace golden {

// A model of any form, made from the paths of what it holds: "le1/W", "blocks/0/b".
class Tree : public nn::Link {
 public:
  // A parameter with this value.
  void add(const std::string& path, const autograd::Array& value);
  // What can be loaded from an entry of a file: an array or text without its contents, or, for
  // None, a parameter that has no shape yet.
  void add_blank(const std::string& path, const nn::FileValue& entry);
  void list(nn::Members& members) override;

 private:
  // The link that has the path's last name as a member, and that name.
  std::pair<Tree*, std::string> place(const std::string& path);

  std::map<std::string, nn::Parameter> parameters_;
  std::map<std::string, autograd::Array> arrays_;
  std::map<std::string, std::string> texts_;
  std::map<std::string, std::unique_ptr<Tree>> children_;
};

// The parameters of a link by path, without the slash in front.
std::map<std::string, nn::Parameter> parameters(nn::Link& link);

}  // namespace golden
