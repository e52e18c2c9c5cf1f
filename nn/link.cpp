#include "nn/link.h"

#include <cxxabi.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <ostream>
#include <sstream>
#include <unordered_set>

#include "autograd/array/map.h"
#include "autograd/array/print.h"
#include "nn/update_rule.h"

namespace nn {
namespace {

// The direct members of a link, by name.
class Listing : public Members {
 public:
  explicit Listing(Link& link) {
    link.visit(*this);
    const auto by_name = [](const auto& a, const auto& b) { return before(a.first, b.first); };
    std::stable_sort(parameters.begin(), parameters.end(), by_name);
    std::stable_sort(links.begin(), links.end(), by_name);
  }

  std::vector<std::pair<std::string, Parameter>> parameters;
  std::vector<std::pair<std::string, Link*>> links;
  std::vector<std::pair<std::string, Persistent>> persistents;

 private:
  void visit_parameter(std::string_view name, Parameter& p) override {
    require_new(name);
    parameters.emplace_back(name, p);
  }
  void visit_link(std::string_view name, Link& child, std::size_t) override {
    require_new(name);
    links.emplace_back(name, &child);
  }
  void visit_persistent(std::string_view name, const Persistent& value) override {
    require_new(name);
    persistents.emplace_back(name, value);
  }
  void require_new(std::string_view name) {
    const auto same = [&](const auto& member) { return member.first == name; };
    if (std::any_of(parameters.begin(), parameters.end(), same) ||
        std::any_of(links.begin(), links.end(), same) ||
        std::any_of(persistents.begin(), persistents.end(), same))
      throw autograd::Error(
          fmt::format("Link: each member must have a unique name, but {} is listed twice", name));
  }
  // Compares two paths part by part. Names are compared as text, and numbers (the children of a
  // list) as numbers.
  static bool before(std::string_view a, std::string_view b) {
    std::size_t at = 0;  // the position of the first difference
    while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
    const auto part = [at](std::string_view s) {
      const std::size_t begin = at == 0 ? 0 : s.rfind('/', at - 1) + 1;
      return s.substr(begin, s.find('/', at) - begin);
    };
    const auto number = [](std::string_view s) {
      return !s.empty() &&
             std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    const std::string_view x = part(a), y = part(b);
    if (x.size() != y.size() && number(x) && number(y)) return x.size() < y.size();
    // A shorter part comes first.
    const auto next = [at](std::string_view s) {
      return at == s.size() ? -2 : s[at] == '/' ? -1 : static_cast<unsigned char>(s[at]);
    };
    return next(a) < next(b);
  }
};

void collect(Link& link, const std::string& path, bool include_uninitialized,
             std::vector<NamedParameter>& out) {
  const Listing listing(link);
  for (const auto& [name, p] : listing.parameters)
    if (include_uninitialized || p.is_initialized()) out.push_back({path + "/" + name, p});
  for (const auto& [name, child] : listing.links)
    collect(*child, path + "/" + name, include_uninitialized, out);
}

// The same without paths, and without duplicates.
void collect(Link& link, bool include_uninitialized,
             std::unordered_set<const autograd::VariableBody*>& seen, std::vector<Parameter>& out) {
  Listing listing(link);
  for (auto& [name, p] : listing.parameters)
    if ((include_uninitialized || p.is_initialized()) && seen.insert(p.id()).second)
      out.push_back(std::move(p));
  for (const auto& [name, child] : listing.links) collect(*child, include_uninitialized, seen, out);
}

void collect(Link& link, const std::string& path, std::vector<NamedLink>& out) {
  for (const auto& [name, child] : Listing(link).links) {
    out.push_back({path + "/" + name, child});
    collect(*child, path + "/" + name, out);
  }
}

void collect(Link& link, const std::string& path, std::map<std::string, Persistent>& out) {
  const Listing listing(link);
  for (const auto& [name, value] : listing.persistents) out.emplace(path + "/" + name, value);
  for (const auto& [name, child] : listing.links) collect(*child, path + "/" + name, out);
}

// Pairs the parameters of two links by their paths.
template <class F>
void pairwise(std::string_view op, Link& a, Link& b, const F& f) {
  const auto theirs = b.namedparams();
  for (const NamedParameter& p : a.namedparams()) {
    const auto other =
        std::find_if(theirs.begin(), theirs.end(), [&](const auto& q) { return q.path == p.path; });
    if (other == theirs.end())
      throw autograd::Error(fmt::format(
          "{}: both links must have the same parameters, but {} is in one only", op, p.path));
    f(p.parameter, other->parameter);
  }
}

std::string plain_name(const std::type_info& type) {
  const char* name = type.name();
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> plain(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return status == 0 ? plain.get() : name;
}

}  // namespace

void PersistentArray::set(const Array& values) const {
  Array& array = *place;
  if (array && array.shape() == values.shape())
    array.assign(values);
  else
    array = values.astype(array ? array.dtype() : dtype.value_or(values.dtype())).copy();
}

Members& Members::operator()(std::string_view name, Parameter& parameter) {
  if (!parameter) return *this;
  if (!parameter.is_parameter() && !takes_variables())
    throw autograd::Error(fmt::format(
        "Link: what is listed as a parameter must be one, but {} was assigned a variable", name));
  visit_parameter(name, parameter);
  return *this;
}

Variable Link::call(const Variables& inputs) {
  throw autograd::Error(
      fmt::format("call: a link that is called through its base class must derive from "
                  "nn::Polymorphic of its own class and map {} variable{} to one, but {} does not",
                  inputs.size(), inputs.size() == 1 ? "" : "s", plain_name(typeid(*this))));
}

std::unique_ptr<Link> Link::clone() const {
  throw autograd::Error(
      fmt::format("clone: a link that is copied through its base class must derive from "
                  "nn::Polymorphic of its own class and have a copy constructor, but {} does not",
                  plain_name(typeid(*this))));
}

void require_class(const Link& link, const std::type_info& expected) {
  if (typeid(link) != expected)
    throw autograd::Error(
        fmt::format("copy: a copy must be of the link's own class (see nn::Polymorphic), but one "
                    "is {} and the other {}",
                    plain_name(typeid(link)), plain_name(expected)));
}

void Link::take_place(Link& other) noexcept {
  leave_place();
  place_ = std::move(other.place_);
  if (place_) place_->link = this;
}

LinkPointer::LinkPointer(Link& link) {
  if (!link.place_) {
    link.place_ = autograd::make_ref<Link::Place>();
    link.place_->link = &link;
  }
  place_ = link.place_;
}

std::vector<NamedParameter> Link::namedparams(bool include_uninitialized) {
  std::vector<NamedParameter> out;
  collect(*this, "", include_uninitialized, out);
  return out;
}

std::vector<Parameter> Link::params(bool include_uninitialized) {
  std::vector<Parameter> out;
  std::unordered_set<const autograd::VariableBody*> seen;
  collect(*this, include_uninitialized, seen, out);
  return out;
}

std::vector<NamedLink> Link::namedlinks() {
  std::vector<NamedLink> out{{"/", this}};
  collect(*this, "", out);
  return out;
}

std::vector<NamedLink> Link::children() {
  std::vector<NamedLink> out;
  for (const auto& [name, child] : Listing(*this).links) out.push_back({"/" + name, child});
  return out;
}

std::int64_t Link::count_params() {
  std::int64_t n = 0;
  for (const Parameter& p : params(false)) n += p.size();
  return n;
}

void Link::cleargrads() {
  for (Parameter& p : params()) p.cleargrad();
}

void Link::zerograds() {
  for (Parameter& p : params(false)) p.set_grad(Array::zeros(p.shape(), p.dtype()));
}

void Link::name_parameters() {
  class Namer : public Members {
    void visit_parameter(std::string_view name, Parameter& parameter) override {
      parameter.set_name(std::string(name));
    }
  } namer;
  visit(namer);
}

void Link::copyparams(Link& other, bool copy_persistent) {
  pairwise("copyparams", *this, other, [](Parameter p, const Parameter& q) {
    if (!q.is_initialized()) return;
    if (!p.is_initialized()) p.initialize(q.shape());
    Array values = p.array();
    values.assign(q.array());
  });
  if (!copy_persistent) return;
  std::map<std::string, Persistent> ours, theirs;
  collect(*this, "", ours);
  collect(other, "", theirs);
  for (auto& [path, to] : ours) {
    const auto from = theirs.find(path);
    if (from == theirs.end() || from->second.index() != to.index())
      throw autograd::Error(fmt::format(
          "copyparams: both links must have the same persistent values, but {} is in one only",
          path));
    std::visit(
        [&]<class T>(const T& value) {
          const T& found = std::get<T>(from->second);
          if constexpr (std::is_same_v<T, PersistentArray>)
            *found.place ? value.set(*found.place) : void(*value.place = Array());
          else if constexpr (std::is_pointer_v<T>)
            *value = *found;
          else
            value.set(found.get());
        },
        to);
  }
}

void Link::addgrads(Link& other) {
  pairwise("addgrads", *this, other, [](Parameter p, const Parameter& q) {
    if (!q.is_initialized() || !q.grad()) return;
    p.set_grad(p.grad() ? autograd::map(autograd::ops::Add{}, p.grad(), q.grad()) : q.grad());
  });
}

void Link::enable_update() {
  for (const Parameter& p : params())
    if (p.update_rule()) p.update_rule()->enabled = true;
}

void Link::disable_update() {
  for (Parameter& p : params()) {
    if (!p.update_rule()) p.set_update_rule(std::make_shared<UpdateRule>());
    p.update_rule()->enabled = false;
  }
}

bool Link::update_enabled() {
  const std::vector<Parameter> all = params();
  return std::any_of(all.begin(), all.end(), [](const Parameter& p) {
    return p.update_rule() && p.update_rule()->enabled;
  });
}

std::string class_name(const Link& link) {
  std::string name = plain_name(typeid(link));
  if (const std::size_t colon = name.substr(0, name.find('<')).rfind(':'); colon != name.npos)
    name.erase(0, colon + 1);
  return name;
}

namespace {

// The text of a link. `indent` is printed at the beginning of each line but the first.
std::string text_of(Link& link, const std::string& indent) {
  const Listing listing(link);
  const std::string name = class_name(link);
  std::string parameters, children;
  for (const auto& [key, parameter] : listing.parameters) {
    std::ostringstream shape;
    if (parameter.is_initialized())
      shape << parameter.shape();
    else
      shape << "None";
    parameters += fmt::format("{}{}={}", parameters.empty() ? "" : ", ", key, shape.str());
  }
  for (const auto& [key, child] : listing.links)
    children += fmt::format("\n{}  ({}): {},", indent, key, text_of(*child, indent + "  "));
  return fmt::format("{}({}{}{})", name, parameters, children,
                     children.empty() ? "" : "\n" + indent);
}

}  // namespace

// Listing a link's members changes none of them; list() is not const so that visitors may.
std::ostream& operator<<(std::ostream& out, const Link& link) {
  return out << text_of(const_cast<Link&>(link), "");
}

}  // namespace nn
