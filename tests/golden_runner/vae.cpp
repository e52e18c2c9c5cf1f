#include <fmt/format.h>

#include "autograd/functions/functions.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/distributions/independent.h"
#include "nn/iterators/serial_iterator.h"
#include "nn/optimizers/adam.h"
#include "nn/serializers/save_load.h"
#include "tests/golden_runner/cases.h"
#include "tests/golden_runner/evaluate.h"
#include "tests/golden_runner/tree.h"
#include "tests/golden_runner/vae_net.h"

// The VAE of Chainer's examples/vae, in both its forms, against Chainer's numbers.
namespace golden {
namespace {

namespace F = autograd;

// A model in training, whose parameters and gradients are compared with stored ones.
class Training {
 public:
  Training(nn::Link& model, const nn::NpzReader& file, const std::string& init, Report& report)
      : model_(model), file_(file), report_(report), parameters_(parameters(model)) {
    for (auto& [path, parameter] : parameters_) parameter.set_array(file.array(init + path).copy());
    optimizer_.setup(model);
  }

  // One update. `name` begins the names of the stored arrays.
  void step(const Variable& loss, int step, const std::string& name, const Value& err32) {
    model_.cleargrads();
    loss.backward();
    if (step == 0)
      for (const auto& [path, parameter] : parameters_)
        compare("grad", name + "/grad/" + path, parameter.grad(), err32);
    optimizer_.update();
    for (const auto& [path, parameter] : parameters_)
      compare("after", fmt::format("{}/after{}/{}", name, step + 1, path), parameter.array(),
              err32);
  }
  void compare(const std::string& part, const std::string& key, const Array& got,
               const Value& err32) const {
    report_.compare(part, key, got, file_.array(key), tolerance(err32, part));
  }
  // One element of a series of losses.
  void compare_loss(const std::string& key, int step, const Variable& got,
                    const Value& err32) const {
    report_.compare("loss", fmt::format("{} of step {}", key, step + 1), got.array(),
                    file_.array(key).select(0, step), tolerance(err32, "loss"));
  }

 private:
  nn::Link& model_;
  const nn::NpzReader& file_;
  Report& report_;
  std::map<std::string, nn::Parameter> parameters_;
  nn::optimizers::Adam optimizer_;
};

struct Losses {
  Variable mu, ln_var, z, logits;  // z and logits of the last sample
  Variable rec_loss, latent_loss, loss;
};

// eps (k, batch, latent)
Losses losses_of(Vae& model, const Array& x, const Array& eps, const std::string& rec_loss,
                 double C, const Table& table) {
  const Expression formula = parse_python(rec_loss);
  const double batch = static_cast<double>(x.length(0)), n_in = static_cast<double>(x.length(1));
  const auto k = eps.length(0);
  Losses l;
  std::tie(l.mu, l.ln_var) = model.encode(x);
  for (std::int64_t i = 0; i < k; ++i) {
    l.z = F::gaussian(l.mu, l.ln_var, {.eps = eps.select(0, i)});
    l.logits = model.logits(l.z);
    const Term term = evaluate(formula,
                               {{"x", Variable(x, {.requires_grad = false})},
                                {"logits", l.logits},
                                {"B", batch},
                                {"n_in", n_in}},
                               table);
    const Variable rec = std::get<Variable>(term) / static_cast<double>(k);
    l.rec_loss = l.rec_loss ? l.rec_loss + rec : rec;
  }
  l.latent_loss = F::gaussian_kl_divergence(l.mu, l.ln_var) / batch;
  l.loss = l.rec_loss + C * l.latent_loss;
  return l;
}

void run_question(const Value& vae, const Value& entry, const Table& table, Store& store,
                  Report& report) {
  const std::string& name = entry["name"].text();
  const nn::NpzReader& file = store.open(vae["file"].text("vae.npz"));
  if (vae["activation"].text("tanh") != "tanh") throw NotBuilt{"vae with another activation"};
  Vae model(vae["n_in"].integer(), vae["n_latent"].integer(), vae["n_h"].integer());
  Training training(model, file, "init/", report);
  const Value& err32 = entry["err32"];
  const Array x = file.array("x"), eps = file.array(entry["eps"].text("eps"));
  report.expect(eps.length(1) == entry["k"].integer(), "eps", "there are not k samples");
  for (int step = 0; step < entry["steps"].integer(); ++step) {
    const Losses l = losses_of(model, x, eps.select(0, step), entry["rec_loss"].text(),
                               entry["C"].number(1), table);
    if (step == 0)
      for (const auto& [what, got] :
           {std::pair{"mu", l.mu}, {"ln_var", l.ln_var}, {"z", l.z}, {"logits", l.logits}})
        training.compare("loss", name + "/first/" + what, got.array(), err32);
    training.compare_loss(name + "/loss", step, l.loss, err32);
    training.compare_loss(name + "/rec_loss", step, l.rec_loss, err32);
    training.compare_loss(name + "/latent_loss", step, l.latent_loss, err32);
    training.step(l.loss, step, name, err32);
  }
}

// AvgELBOLoss with the noise given: z = mu + sigma eps.
void run_elbo(const Value& entry, Store& store, Report& report) {
  const nn::NpzReader& file = store.open(entry["file"].text("vae.npz"));
  const int n_in = entry["n_in"].integer(), n_latent = entry["n_latent"].integer(),
            n_h = entry["n_h"].integer();
  ElboModel model(n_in, n_latent, n_h);
  Training training(model, file, "elbo/init/", report);
  const Value& err32 = entry["err32"];
  const Array x = file.array("elbo/x"), eps = file.array("elbo/eps");
  report.expect(eps.length(1) == entry["k"].integer() && x.length(0) == entry["batch"].integer(),
                "eps", "there are not k samples of each row");
  const Variable repeated = F::broadcast_to(x, {eps.length(1), x.length(0), x.length(1)});
  for (int step = 0; step < entry["steps"].integer(); ++step) {
    const auto q_z = model.encoder(x);
    const Variable z =
        q_z.mean() + q_z.stddev() * Variable(eps.select(0, step), {.requires_grad = false});
    const Variable reconstr = F::mean(model.decoder(z).log_prob(repeated));
    const Variable kl_penalty = F::mean(nn::distributions::kl_divergence(q_z, model.prior()));
    const Variable loss = -(reconstr - entry["beta"].number(1) * kl_penalty);
    training.compare_loss("elbo/loss", step, loss, err32);
    training.compare_loss("elbo/reconstr", step, reconstr, err32);
    training.compare_loss("elbo/kl_penalty", step, kl_penalty, err32);
    training.step(loss, step, "elbo", err32);
  }
}

}  // namespace

void run_vae(const Value& manifest, const Table& table, Store& store, Report& report) {
  const Value& vae = manifest["vae"];
  for (const Value& entry : vae["cases"].items())
    report.run("vae/" + entry["name"].text(), [&] {
      run_question(vae, entry, table, store, report);
      require_all_read(entry, {});
    });
  if (manifest.has("elbo"))
    report.run("elbo", [&] {
      run_elbo(manifest["elbo"], store, report);
      require_all_read(manifest["elbo"], {"optimizer", "sample", "loss", "reconstr", "kl_penalty"});
    });
}

void check_resume(const Value& vae, const Table& table, Store& store, Report& report) {
  const nn::NpzReader& file = store.open("chainer_files/resume.npz");
  const std::string snapshot = store.path("chainer_files/snapshot_iter_6");
  Vae model(vae["n_in"].integer(), vae["n_latent"].integer(), vae["n_h"].integer());
  nn::optimizers::Adam optimizer;
  optimizer.setup(model);
  const Array data = file.array("data"), rows = file.array("batch"), eps = file.array("eps");
  const nn::datasets::TupleDataset indices(Array::arange(data.length(0)));
  nn::iterators::SerialIterator iterator(indices, rows.length(1));
  nn::serializers::load_npz(snapshot, model, {.path = "updater/model:main/"});
  nn::serializers::load_npz(snapshot, optimizer, {.path = "updater/optimizer:main/"});
  nn::serializers::load_npz(snapshot, iterator, {.path = "updater/iterator:main/"});

  const auto compare = [&](const std::string& part, const std::string& key, const Array& got,
                           const Array& expected) {
    report.compare(part, key, got, expected, 1e-5);
  };
  const auto compare_parameters = [&](const std::string& name) {
    for (const auto& [path, parameter] : parameters(model))
      compare("after", name + "/" + path, parameter.array(), file.array(name + "/" + path));
  };
  compare_parameters("loaded");
  for (std::int64_t step = 0; step < rows.length(0); ++step) {
    const std::string number = std::to_string(step + 1);
    const nn::Arguments batch = nn::datasets::concat_examples(*iterator.next());
    compare("batch", "batch of step " + number, batch[0].array(), rows.select(0, step));
    const Array x = F::get_item(data, {rows.select(0, step)}).array();
    const Losses l =
        losses_of(model, x, eps.slice(0, step, 1), "F.bernoulli_nll(x, logits) / B", 1, table);
    compare("loss", "loss of step " + number, l.loss.array(), file.array("loss").select(0, step));
    compare("loss", "rec_loss of step " + number, l.rec_loss.array(),
            file.array("rec_loss").select(0, step));
    compare("loss", "latent_loss of step " + number, l.latent_loss.array(),
            file.array("latent_loss").select(0, step));
    model.cleargrads();
    l.loss.backward();
    optimizer.update();
    compare_parameters("after" + number);
  }
}

}  // namespace golden
