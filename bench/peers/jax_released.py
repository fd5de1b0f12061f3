"""A JAX step that does what the papers' released code does (docs/specification.md): one sequence at a time under `vmap`,
one-hot labels times the label table, every position unembedded, a one-hot target; one jitted call per step. Its sampler
draws classes with `jax.random.categorical` over all of them, and is timed beside the step."""

import sys

import jax
import jax.numpy as jnp
import numpy as np

from jax_lean import adam_update, mlp, norm
from protocol import Exchange, serve


def attention(w, block, x, heads):
    tokens, width = x.shape
    y = norm(w, f"{block}.norm1", x)
    q, k, v = (
        part.reshape(tokens, heads, -1).transpose(1, 0, 2)
        for part in jnp.split(y @ w[f"{block}.attention.qkv.weight"].T, 3, -1)
    )
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(width // heads)
    scores = jnp.where(jnp.tril(jnp.ones((tokens, tokens), bool)), scores, -jnp.inf)
    z = (jax.nn.softmax(scores) @ v).transpose(1, 0, 2).reshape(tokens, width)
    return x + z @ w[f"{block}.attention.proj.weight"].T


def logits_of(w, positions, model, examples, labels):
    """One sequence; logits at every position."""
    shown = examples @ w["exampleEmbed.weight"].T + w["exampleEmbed.bias"]
    told = jax.nn.one_hot(labels, model["labels"]) @ w["labelEmbed.weight"]
    x = jnp.zeros((len(shown) + len(told), shown.shape[-1])).at[0::2].set(shown).at[1::2].set(told)
    x = x + (w["positionEmbed.weight"] if positions is None else positions)[: len(x)]
    for layer in range(model["depth"]):
        x = attention(w, f"blocks.{layer}", x, model["heads"])
        if model["mlpRatio"] > 0:
            x = mlp(w, f"blocks.{layer}", x)
    return norm(w, "norm", x) @ w["unembed.weight"].T + w["unembed.bias"]


def loss_of(w, positions, model, examples, labels, targets):
    logits = jax.vmap(lambda e, l: logits_of(w, positions, model, e, l))(examples, labels)
    target = jax.nn.one_hot(targets, model["labels"])
    return -(target * jax.nn.log_softmax(logits)[:, -1]).sum(-1).mean()


def sampler_of(classes, exemplars, places, batch):
    """Bursty sequences of two pairs: query and distractor class, an exemplar for each place, the order of the context."""
    law = jnp.full(classes, -np.log(classes), jnp.float32)

    def sequence(key):
        query_key, other_key, exemplar_key, order_key = jax.random.split(key, 4)
        query = jax.random.categorical(query_key, law)
        other = jax.random.categorical(other_key, law.at[query].set(-jnp.inf))
        context = jax.random.permutation(order_key, jnp.resize(jnp.stack([query, other]), places - 1))
        shown = jax.random.randint(exemplar_key, (places,), 0, exemplars)
        return jnp.append(context, query), shown

    @jax.jit
    def draw(key, features):
        rows, shown = jax.vmap(sequence)(jax.random.split(key, batch))
        return features[rows, shown], rows[:, :-1], rows[:, -1]

    return draw


def main():
    exchange = Exchange(sys.argv[1])
    model, adam = exchange.model, exchange.adam
    tokens = 2 * exchange.labels.shape[2] + 1
    positions = jnp.asarray(exchange.sinusoidal(tokens)) if model["position"] == "sinusoidal" else None

    @jax.jit
    def step(w, m, v, count, examples, labels, targets):
        loss, gradient = jax.value_and_grad(loss_of)(w, positions, model, examples, labels, targets)
        new = {name: adam_update(adam, w[name], m[name], v[name], gradient[name], count) for name in w}
        return (*({name: parts[i] for name, parts in new.items()} for i in range(3)), loss)

    batches = [tuple(map(jnp.asarray, batch)) for batch in zip(exchange.examples, exchange.labels, exchange.targets)]
    w = {name: jnp.asarray(value) for name, value in exchange.weights.items()}
    zeros = {name: jnp.zeros_like(value) for name, value in w.items()}
    state = (w, zeros, zeros)
    count = 0

    def train_pass():
        nonlocal state, count
        losses = []
        for batch in batches:
            count += 1
            *state, loss = step(*state, jnp.float32(count), *batch)
            losses.append(loss)
        return jax.block_until_ready(losses)

    losses = train_pass()
    batch, places, width = exchange.examples.shape[1:]
    draw = sampler_of(model["labels"], 20, places, batch)
    features = jnp.zeros((model["labels"], 20, width), jnp.float32)
    key = jax.random.key(1)

    def sampler():
        for step_number in range(exchange.steps):
            jax.block_until_ready(draw(jax.random.fold_in(key, step_number), features))

    sampler()
    square = jnp.ones((1024, 1024), jnp.float32)
    product = jax.jit(lambda a: a @ a)
    gemm = lambda: product(square).block_until_ready()
    serve(exchange, f"jax {jax.__version__}", losses, train_pass, gemm, sampler)


if __name__ == "__main__":
    main()
