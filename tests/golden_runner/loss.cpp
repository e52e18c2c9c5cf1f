#include "autograd/functions/loss/loss.h"

#include "autograd/base/error.h"
#include "autograd/functions/loss/black_out.h"
#include "autograd/functions/loss/crf1d.h"
#include "autograd/functions/loss/ctc.h"
#include "autograd/functions/loss/discriminative_loss.h"
#include "autograd/functions/loss/negative_sampling.h"
#include "tests/golden_runner/table.h"

namespace golden {
namespace F = autograd;
namespace {

F::Reduce reduce(const Call& c, F::Reduce otherwise) {
  const std::string text = c.kwargs.text("reduce", std::string(F::name(otherwise)));
  for (const F::Reduce r : {F::Reduce::sum, F::Reduce::mean, F::Reduce::no,
                            F::Reduce::sum_along_second_axis, F::Reduce::half_squared_sum})
    if (F::name(r) == text) return r;
  throw NotBuilt{c.function + " with reduce=" + text};
}

void add_regression(Table& t) {
  t.add("mean_squared_error", [](const Call& c) { return F::mean_squared_error(c.x(0), c.x(1)); });
  t.add("mean_absolute_error",
        [](const Call& c) { return F::mean_absolute_error(c.x(0), c.x(1)); });
  t.add("squared_error", [](const Call& c) { return F::squared_error(c.x(0), c.x(1)); });
  t.add("squared_difference", [](const Call& c) { return F::squared_difference(c.x(0), c.x(1)); });
  t.add("absolute_error", [](const Call& c) { return F::absolute_error(c.x(0), c.x(1)); });
  t.add("huber_loss", [](const Call& c) {
    return F::huber_loss(c.x(0), c.x(1), c.kwargs["delta"].number(),
                         reduce(c, F::Reduce::sum_along_second_axis));
  });
}

void add_variational(Table& t) {
  t.add("bernoulli_nll",
        [](const Call& c) { return F::bernoulli_nll(c.x(0), c.x(1), reduce(c, F::Reduce::sum)); });
  t.add("gaussian_nll", [](const Call& c) {
    return F::gaussian_nll(c.x(0), c.x(1), c.x(2), reduce(c, F::Reduce::sum));
  });
  t.add("gaussian_kl_divergence", [](const Call& c) {
    return F::gaussian_kl_divergence(c.x(0), c.x(1), reduce(c, F::Reduce::sum));
  });
}

void add_classification(Table& t) {
  t.add("sigmoid_cross_entropy", [](const Call& c) {
    return F::sigmoid_cross_entropy(c.x(0), c.array(1), c.kwargs.flag("normalize", true),
                                    reduce(c, F::Reduce::mean));
  });
  t.add("softmax_cross_entropy", [](const Call& c) {
    c.kwargs["enable_double_backprop"];  // it always is
    c.kwargs["cache_score"];             // which changes no number
    const std::string soft = c.kwargs.text("soft_target_loss", "cross-entropy");
    if (soft != "cross-entropy" && soft != "kl-divergence")
      throw NotBuilt{c.function + " with soft_target_loss=" + soft};
    return F::softmax_cross_entropy(c.x(0), c.array(1),
                                    {.normalize = c.kwargs.flag("normalize", true),
                                     .class_weight = c.constant("class_weight"),
                                     .ignore_label = c.kwargs.integer("ignore_label", -1),
                                     .reduce = reduce(c, F::Reduce::mean),
                                     .kl_divergence = soft == "kl-divergence"});
  });
  t.add("hinge", [](const Call& c) {
    const std::string norm = c.kwargs.text("norm", "L1");
    if (norm != "L1" && norm != "L2") throw NotBuilt{c.function + " with norm=" + norm};
    return F::hinge(c.x(0), c.array(1), norm == "L2" ? F::Norm::L2 : F::Norm::L1,
                    reduce(c, F::Reduce::mean));
  });
}

void add_metric_learning(Table& t) {
  t.add("contrastive", [](const Call& c) {
    return F::contrastive(c.x(0), c.x(1), c.array(2), c.kwargs.number("margin", 1),
                          reduce(c, F::Reduce::mean));
  });
  t.add("triplet", [](const Call& c) {
    return F::triplet(c.x(0), c.x(1), c.x(2), c.kwargs.number("margin", 0.2),
                      reduce(c, F::Reduce::mean));
  });
  t.add("discriminative_margin_based_clustering_loss", [](const Call& c) -> Variables {
    const auto [variance, distance, regularization] =
        F::discriminative_margin_based_clustering_loss(
            c.x(0), c.array(1), c.kwargs["delta_v"].number(), c.kwargs["delta_d"].number(),
            c.kwargs["max_embedding_dim"].integer(),
            {.norm = c.kwargs.integer("norm", 1),
             .alpha = c.kwargs.number("alpha", 1),
             .beta = c.kwargs.number("beta", 1),
             .gamma = c.kwargs.number("gamma", 0.001)});
    return {variance, distance, regularization};
  });
}

// The inputs whose names begin so, in their order: the steps of sequences.
Variables steps(const Call& c, char first) {
  Variables all;
  for (std::size_t i = 0; i < c.count(); ++i)
    if (c.names[i][0] == first) all.push_back(c.x(i));
  return all;
}

void add_sequences(Table& t) {
  t.add("crf1d", [](const Call& c) {
    return F::crf1d(c.named("cost"), steps(c, 'x'), steps(c, 'y'), reduce(c, F::Reduce::mean));
  });
  t.add("argmax_crf1d", [](const Call& c) {
    const auto [score, path] = F::argmax_crf1d(c.named("cost"), steps(c, 'x'));
    Variables all{score};
    for (const Array& labels : path) all.emplace_back(labels);
    return all;
  });
  t.add("connectionist_temporal_classification", [](const Call& c) {
    return F::connectionist_temporal_classification(steps(c, 'x'), c.array_named("t"),
                                                    c.kwargs["blank_symbol"].integer(),
                                                    {.input_length = c.constant("input_length"),
                                                     .label_length = c.constant("label_length"),
                                                     .reduce = reduce(c, F::Reduce::mean)});
  });
}

void add_sampled_classes(Table& t) {
  t.add("black_out", [](const Call& c) {
    return F::black_out(c.x(0), c.array_named("t"), c.named("W"), c.array_named("samples"),
                        reduce(c, F::Reduce::mean));
  });
  t.add("negative_sampling", [](const Call& c) -> Variables {
    const Array given = c.constant("samples");
    const auto [loss, samples] = F::negative_sampling_with_samples(
        c.x(0), c.array_named("t"), c.named("W"), [&](const Shape&) { return given.copy(); },
        c.kwargs["sample_size"].integer(), reduce(c, F::Reduce::sum));
    return c.output_dtypes.size() > 1 ? Variables{loss, Variable(samples)} : Variables{loss};
  });
}

void add_covariances(Table& t) {
  t.add("cross_covariance", [](const Call& c) {
    return F::cross_covariance(c.x(0), c.x(1), reduce(c, F::Reduce::half_squared_sum));
  });
  t.add("decov",
        [](const Call& c) { return F::decov(c.x(0), reduce(c, F::Reduce::half_squared_sum)); });
}

}  // namespace

void add_loss(Table& t) {
  add_regression(t);
  add_variational(t);
  add_classification(t);
  add_metric_learning(t);
  add_sequences(t);
  add_sampled_classes(t);
  add_covariances(t);
}

}  // namespace golden
