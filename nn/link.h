#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/parameter.h"

namespace nn {

class Link;

// What a link is made of, as it tells it: see Link::list().
class Members {
 public:
  virtual ~Members() = default;
  Members& operator()(std::string_view name, Parameter& parameter) {
    if (parameter) visit(name, parameter);
    return *this;
  }
  Members& operator()(std::string_view name, Link& child) {
    visit(name, child);
    return *this;
  }
  // Saved with the model, but not trained: running means, counters.
  Members& persistent(std::string_view name, Array& value) {
    visit(name, value);
    return *this;
  }
  Members& persistent(std::string_view name, std::int64_t& value) {
    visit(name, value);
    return *this;
  }
  Members& persistent(std::string_view name, double& value) {
    visit(name, value);
    return *this;
  }

 private:
  virtual void visit(std::string_view, Parameter&) {}
  virtual void visit(std::string_view, Link&) {}
  virtual void visit(std::string_view, Array&) {}
  virtual void visit(std::string_view, std::int64_t&) {}
  virtual void visit(std::string_view, double&) {}
};

struct NamedParameter {
  std::string path;  // "/le1/W"
  Parameter parameter;
};
struct NamedLink {
  std::string path;  // "/le1"; "/" is the link itself
  Link* link;
};

// A piece of a model: a plain value that has its parameters and child links as members, and one function that lists
// them. The listing gives the names, and with them saving, loading, counting and training; nothing is registered.
//
//   class MLP : public nn::Chain {
//    public:
//     nn::Linear l1{784, 100}, l2{100, 10};
//     Variable operator()(const Variable& x) { return l2(relu(l1(x))); }
//     void list(nn::Members& m) override { m("l1", l1)("l2", l2); }
//   };
//
// Copying a link copies handles, as assignment does in Python: both have the same parameters. copy() and repeat() in
// nn/copy.h make new ones.
class Link {
 public:
  virtual ~Link() = default;
  virtual void list(Members& members) = 0;

  // All parameters below, in Chainer's order: a link's own by name, then those of its children by name.
  std::vector<NamedParameter> namedparams(bool include_uninitialized = true);
  std::vector<Parameter> params(bool include_uninitialized = true);
  // This link and all below.
  std::vector<NamedLink> namedlinks();
  std::vector<NamedLink> children();
  std::int64_t count_params();

  void cleargrads();
  void zerograds();
  // Writes the other link's values, or adds its gradients, parameter by parameter of the same path.
  void copyparams(Link& other);
  void addgrads(Link& other);
};

// Chainer's name for a link with child links.
using Chain = Link;

}  // namespace nn
