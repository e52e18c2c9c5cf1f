#include "nn/copy.h"

#include <fmt/format.h>

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace nn {
namespace {

// The addresses of all listed members of a link, and the members.
class Addresses : public Members {
 public:
  std::unordered_set<const void*> all;

 private:
  void visit_parameter(std::string_view, Parameter& p) override { all.insert(&p); }
  void visit_link(std::string_view, Link& child, std::size_t) override {
    if (all.insert(&child).second) child.visit(*this);
  }
  void visit_persistent(std::string_view, const Persistent& value) override {
    all.insert(place_of(value));
  }
};

// Clones the children that a copy shares with the original through a std::shared_ptr. Other shared
// members must not be changed.
class Separator : public Members {
 public:
  explicit Separator(const std::unordered_set<const void*>& original) : original_(original) {}

 private:
  void visit_parameter(std::string_view name, Parameter& p) override { require_own(name, &p); }
  void visit_link(std::string_view name, Link& child, std::size_t) override {
    require_own(name, &child);
    const std::size_t length = path_.size();
    path_ += fmt::format("/{}", name);
    child.visit(*this);
    path_.resize(length);
  }
  void visit_persistent(std::string_view name, const Persistent& value) override {
    require_own(name, place_of(value));
  }
  std::shared_ptr<Link> replacement(std::string_view, Link& child, Clone clone) override {
    if (!original_.contains(&child)) return nullptr;
    std::shared_ptr<Link>& made = clones_[&child];
    if (!made) made = clone(child);
    return made;
  }
  void require_own(std::string_view name, const void* member) const {
    if (original_.contains(member))
      throw autograd::Error(
          fmt::format("copy: a member that is held by a pointer must be listed as a "
                      "std::shared_ptr, to be copied with the link, but {}/{} is not",
                      path_, name));
  }

  const std::unordered_set<const void*>& original_;
  std::unordered_map<const Link*, std::shared_ptr<Link>> clones_;
  std::string path_;
};

class Renewer : public Members {
 public:
  explicit Renewer(CopyMode mode) : mode_(mode) {}

 private:
  void visit_parameter(std::string_view, Parameter& p) override {
    const auto [found, first] = made_.try_emplace(p.id());
    if (first) {
      found->second.original = p;
      found->second.copy = mode_ == CopyMode::share  ? p.share()
                           : mode_ == CopyMode::copy ? p.copy()
                                                     : p.reinitialized();
    }
    p = found->second.copy;
  }
  void visit_link(std::string_view, Link& child, std::size_t) override {
    if (seen_.insert(&child).second) child.visit(*this);
  }
  void visit_persistent(std::string_view, const Persistent& value) override {
    if (const auto* array = std::get_if<PersistentArray>(&value);
        array && *array->place && mode_ != CopyMode::share)
      *array->place = array->place->copy();
  }

  struct Pair {
    Parameter original, copy;  // holds the original, so that no other object gets its address
  };
  CopyMode mode_;
  std::unordered_map<const autograd::VariableBody*, Pair> made_;
  std::unordered_set<const Link*> seen_;  // a shared child is visited once
};

}  // namespace

void renew(Link& copy, const Link& original, CopyMode mode) {
  Addresses addresses;
  const_cast<Link&>(original).visit(addresses);  // this visitor changes nothing
  Separator separator(addresses.all);
  copy.visit(separator);
  Renewer renewer(mode);
  copy.visit(renewer);
}

}  // namespace nn
